import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, ensureChromium } from '../test/chromium.ts';

const PUBLIC = resolve(import.meta.dirname, '../../public');

interface IconSpec {
  readonly file: string;
  readonly size: number;
  /** The drawing's share of the width; around it lies its background, which systems may cut to a shape of theirs. */
  readonly share?: number;
}

/** What systems want beside the SVG: two sizes, one to cut to any shape (safe within 80 %), and Apple's, which has no transparency. */
const ICONS: readonly IconSpec[] = [
  { file: 'icon-192.png', size: 192 },
  { file: 'icon-512.png', size: 512 },
  { file: 'maskable-512.png', size: 512, share: 0.72 },
  { file: 'apple-touch-180.png', size: 180, share: 0.9 },
];

/** Draws the icons of the installed page from `public/icon.svg` into `public/icons`. */
export async function main(): Promise<void> {
  const svg = readFileSync(`${PUBLIC}/icon.svg`, 'utf8');
  const background = /<rect[^>]* fill="([^"]+)"/.exec(svg)?.[1];
  if (!background) throw new Error('public/icon.svg has no rect with a fill to take the background from.');
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });
  const page = await browser.newPage();
  for (const { file, size, share } of ICONS) {
    const inset = Math.round((size * (1 - (share ?? 1))) / 2);
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<style>body{margin:0;padding:${inset}px;${share ? `background:${background}` : ''}}svg{display:block;width:${size - 2 * inset}px}</style>${svg}`,
    );
    await page.screenshot({ path: `${PUBLIC}/icons/${file}`, omitBackground: true });
  }
  await browser.close();
}
