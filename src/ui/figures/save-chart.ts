import { saveFile } from '../shared/save-file.ts';
import type { Chart } from './chart.ts';
import { DARK, LIGHT } from './palette.ts';
import { chartSvg } from './svg-text.ts';

/** Width of a chart in a file, in CSS pixels. */
export const FILE_WIDTH = 900;
/** Pixels to a CSS pixel: sharp in print and on dense screens. */
const DENSITY = 2;

const pageIsDark = (): boolean => {
  const { colorScheme } = getComputedStyle(document.documentElement);
  return colorScheme.includes('light') && colorScheme.includes('dark')
    ? matchMedia('(prefers-color-scheme: dark)').matches
    : colorScheme.includes('dark');
};

/** An SVG document as PNG. @throws where the browser cannot draw it. */
async function svgToPng(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width * DENSITY;
    canvas.height = image.height * DENSITY;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        blob => (blob ? resolve(blob) : reject(new Error('the drawing has no size'))),
        'image/png',
      );
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Saves a chart as a file of its own, in the page's theme. */
export async function saveChart(
  draw: (width: number) => Chart,
  kind: 'svg' | 'png',
  { title, note, name }: { readonly title: string; readonly note: string; readonly name: string },
): Promise<void> {
  const palette = pageIsDark() ? DARK : LIGHT;
  const svg = chartSvg(draw(FILE_WIDTH), { title, note, palette });
  if (kind === 'svg') saveFile(name, 'image/svg+xml', svg);
  else saveFile(name, 'image/png', await svgToPng(svg));
}
