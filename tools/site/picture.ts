import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, ensureChromium } from '../test/chromium.ts';
import { serveSite } from './serve.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FILE = `${ROOT}/docs/images/page.webp`;
const [WIDTH, HEIGHT, QUALITY] = [1440, 900, 0.85];

/** README's picture: the built page with its recorded run, as WebP. */
export async function main(): Promise<void> {
  const site = await serveSite({ root: `${ROOT}/dist`, port: 0 });
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });
  const page = await browser.newPage({
    viewport: { width: WIDTH, height: HEIGHT },
    colorScheme: 'light',
    serviceWorkers: 'block',
  });
  await page.goto(site.url);
  await page
    .getByRole('region', { name: /^Refusal rate/ })
    .locator('svg path')
    .first()
    .waitFor();
  await page.waitForTimeout(2000);
  const png = await page.screenshot({ animations: 'disabled' });
  // Chromium takes PNG and JPEG alone; its canvas writes WebP, on a page without the lab's policy.
  const canvas = await browser.newPage();
  const webp = await canvas.evaluate(
    async ({ base64, quality }) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
      const drawing = new OffscreenCanvas(image.width, image.height);
      drawing.getContext('2d')!.drawImage(image, 0, 0);
      const bytes = new Uint8Array(
        await (await drawing.convertToBlob({ type: 'image/webp', quality })).arrayBuffer(),
      );
      return Array.from(bytes);
    },
    { base64: png.toString('base64'), quality: QUALITY },
  );
  await browser.close();
  await site.close();
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, Uint8Array.from(webp));
  console.log(`${FILE}: ${(webp.length / 1000).toFixed(0)} kB`);
}
