import { saveSvg } from '../charts/save-svg.ts';
import type { Drawing } from './drawing.ts';
import { DARK, LIGHT } from './palette.ts';
import { drawingSvg } from './svg-text.ts';

/** Width of a drawing in a file, in CSS pixels. */
const FILE_WIDTH = 900;

const pageIsDark = (): boolean => {
  const { colorScheme } = getComputedStyle(document.documentElement);
  return colorScheme.includes('light') && colorScheme.includes('dark')
    ? matchMedia('(prefers-color-scheme: dark)').matches
    : colorScheme.includes('dark');
};

/** Saves a drawing as a file of its own, in the page's theme. */
export async function saveDrawing(
  draw: (width: number) => Drawing,
  kind: 'svg' | 'png',
  { title, note, name }: { readonly title: string; readonly note: string; readonly name: string },
): Promise<void> {
  const svg = drawingSvg(draw(FILE_WIDTH), { title, note, palette: pageIsDark() ? DARK : LIGHT });
  await saveSvg(svg, kind, name);
}
