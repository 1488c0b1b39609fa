import { saveFile } from '../shared/save-file.ts';

/** Pixels to a CSS pixel: sharp in print and on dense screens. */
const DENSITY = 2;

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

/** Saves an SVG document as it is, or drawn as PNG. */
export async function saveSvg(svg: string, kind: 'svg' | 'png', name: string): Promise<void> {
  if (kind === 'svg') saveFile(name, 'image/svg+xml', svg);
  else saveFile(name, 'image/png', await svgToPng(svg));
}
