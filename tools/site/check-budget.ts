import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseSync } from 'vite';
import { siteFiles } from './site-files.ts';

/** What the first load may be: bytes as gzip sends them, and requests. */
const FIRST_LOAD = { scripts: 250_000, styles: 12_000, all: 360_000, requests: 12 };

/** What is fetched behind the first load, once, so that the page opens and trains without a network. */
const KEPT_BYTES = 3_000_000;

/** Sent as they are: they hold numbers, or are compressed already. */
const NOT_COMPRESSED = /\.(safetensors|png|wasm)$/;

export interface LoadedFile {
  /** Path relative to the built page. */
  readonly path: string;
  readonly bytes: number;
}

function sizeSent(path: string): number {
  const content = readFileSync(path);
  return NOT_COMPRESSED.test(path) ? content.byteLength : gzipSync(content).byteLength;
}

/** Files that a page names itself, by what they are: module scripts and modules preloaded for them; styles; all else. */
function namedFiles(html: string): Record<'scripts' | 'styles' | 'others', string[]> {
  const found = { scripts: [] as string[], styles: [] as string[], others: [] as string[] };
  for (const tag of html.match(/<(?:script|link)\b[^>]*>/g) ?? []) {
    const path = /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1];
    if (!path) continue;
    const script = tag.startsWith('<script') || tag.includes('modulepreload');
    found[script ? 'scripts' : tag.includes('"stylesheet"') ? 'styles' : 'others'].push(path);
  }
  return found;
}

const readPage = (folder: string): string => readFileSync(join(folder, 'index.html'), 'utf8');

function staticImports(path: string, code: string): string[] {
  const { module, errors } = parseSync(path, code);
  if (errors[0]) throw new Error(`${path} is no JavaScript module: ${errors[0].message}`);
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.map(entry => entry.moduleRequest?.value),
  );
  return [...module.staticImports.map(({ moduleRequest }) => moduleRequest.value), ...exported].filter(
    specifier => specifier !== undefined,
  );
}

/**
 * The scripts that `index.html` in `folder` loads before anything is asked for: its own and all that these import
 * statically, each with its size as gzip sends it.
 * @throws when the page is not built, or imports something that no built page can load.
 */
export function initialScripts(folder: string): LoadedFile[] {
  const waiting = namedFiles(readPage(folder)).scripts.map(path => resolve(folder, path));
  if (waiting.length === 0)
    throw new Error(`${folder}/index.html loads no script, so there is nothing to measure.`);
  const loaded = new Map<string, LoadedFile>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    const code = readFileSync(path, 'utf8');
    loaded.set(path, { path: relative(folder, path), bytes: sizeSent(path) });
    for (const specifier of staticImports(path, code)) {
      if (!specifier.startsWith('.'))
        throw new Error(`${path} imports "${specifier}", which no browser can resolve.`);
      waiting.push(resolve(dirname(path), specifier));
    }
  }
  return [...loaded.values()].toSorted((a, b) => b.bytes - a.bytes);
}

/**
 * Everything that opening the page in `folder` fetches up to its first charts: itself, its scripts and what its tags name,
 * the recorded run among these.
 * @throws as `initialScripts`.
 */
export function firstLoad(folder: string): Record<'scripts' | 'styles' | 'others', LoadedFile[]> {
  const { styles, others } = namedFiles(readPage(folder));
  const measured = (paths: string[]): LoadedFile[] =>
    paths.map(path => ({ path: join(path), bytes: sizeSent(join(folder, path)) }));
  return {
    scripts: initialScripts(folder),
    styles: measured(styles),
    others: measured(['index.html', ...others]),
  };
}

const sum = (files: readonly LoadedFile[]): number => files.reduce((total, { bytes }) => total + bytes, 0);
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** `npm run budget`: fails when the built page's first load, or what is kept behind it, is over budget, naming each file. */
export function main(): void {
  const folder = resolve(import.meta.dirname, '../../dist');
  const { scripts, styles, others } = firstLoad(folder);
  const all = [...scripts, ...styles, ...others];
  const kept = siteFiles(folder).first.map(({ url }) => ({
    path: url,
    bytes: sizeSent(join(folder, decodeURIComponent(url))),
  }));
  for (const { path, bytes } of all) console.log(`${kilobytes(bytes).padStart(11)}  ${path}`);
  const lines = [
    { what: 'JavaScript of the first load', is: sum(scripts), limit: FIRST_LOAD.scripts, text: kilobytes },
    { what: 'styles of the first load', is: sum(styles), limit: FIRST_LOAD.styles, text: kilobytes },
    { what: 'the whole first load', is: sum(all), limit: FIRST_LOAD.all, text: kilobytes },
    { what: 'requests of the first load', is: all.length, limit: FIRST_LOAD.requests, text: String },
    { what: 'kept for use without a network', is: sum(kept), limit: KEPT_BYTES, text: kilobytes },
  ];
  for (const { what, is, limit, text } of lines)
    console.log(`${text(is).padStart(11)}  of ${text(limit)}: ${what}`);
  const over = lines.filter(({ is, limit }) => is > limit);
  if (over.length > 0)
    throw new Error(
      `Over budget: ${over.map(({ what, is, limit, text }) => `${what} by ${text(is - limit)}`).join(', ')}. ` +
        'Load what is not needed at once by a dynamic import; list large files that few use in tools/site/site-files.ts.',
    );
}
