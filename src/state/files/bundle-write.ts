import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { unzipSync, Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { BUNDLE_VERSION, MANIFEST } from './bundle-format.ts';

/** A file of a bundle, with its description for the README. */
export interface BundleFile {
  readonly path: string;
  readonly about: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
  /** Weights do not compress. */
  readonly stored?: true;
}

/** All files have the same date, so that equal runs make equal archives. */
const DATE = new Date(2000, 0, 1);

const bytesOf = ({ content }: BundleFile): Uint8Array<ArrayBuffer> =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

function manifest(files: readonly BundleFile[]): string {
  const listed = files.map(file => {
    const bytes = bytesOf(file);
    return { path: file.path, bytes: bytes.length, sha256: bytesToHex(sha256(bytes)) };
  });
  return JSON.stringify({ format: 'copsd-bundle', version: BUNDLE_VERSION, files: listed }, null, 1);
}

function readme(files: readonly BundleFile[]): string {
  const widest = Math.max(...files.map(({ path }) => path.length), MANIFEST.length);
  const lines = [
    ...files.map(({ path, about }) => [path, about] as const),
    [MANIFEST, 'every file with its bytes and its SHA-256'] as const,
  ];
  return [
    'A run of COPSD Lab, whole.',
    '',
    'Drop this zip on the page of the lab, or choose Export, Open a run: the charts, samples and figures are there again.',
    'Nothing of it is sent anywhere.',
    '',
    ...lines.map(([path, about]) => `${path.padEnd(widest)}  ${about}`),
    '',
  ].join('\n');
}

/** The files of an archive made by the worker, below `folder`. */
export const filesOfZip = (
  zip: Uint8Array<ArrayBuffer>,
  folder: string,
  about: string,
): readonly BundleFile[] =>
  Object.entries(unzipSync(zip)).map(([path, content]) => ({
    path: `${folder}/${path}`,
    about,
    stored: true,
    content: new Uint8Array(content),
  }));

/** The files with a README and a manifest as one zip. Between files it yields to the rest of the page. */
export async function writeBundle(files: readonly BundleFile[]): Promise<Blob> {
  const explained: readonly BundleFile[] = [
    ...files,
    { path: 'README.txt', about: 'this text', content: readme(files) },
  ];
  const all: readonly BundleFile[] = [
    ...explained,
    { path: MANIFEST, about: '', content: manifest(explained) },
  ];
  const parts: Blob[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    parts.push(new Blob([piece]));
  });
  for (const file of all) {
    const { path, stored } = file;
    const entry = stored ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
    entry.mtime = DATE;
    zip.add(entry);
    entry.push(bytesOf(file), true);
    await new Promise(resolve => {
      setTimeout(resolve);
    });
  }
  zip.end();
  return new Blob(parts, { type: 'application/zip' });
}
