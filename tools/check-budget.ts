import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseSync } from 'vite';

/** What a first visit may load of JavaScript, compressed. */
const BUDGET_BYTES = 250_000;

export interface LoadedScript {
  /** Path relative to the built page. */
  readonly path: string;
  readonly gzipBytes: number;
}

/** Scripts that a page names itself: module scripts and modules preloaded for them. */
function scriptsOf(html: string): string[] {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  return tags.flatMap(tag => {
    const attribute = tag.startsWith('<script') ? 'src' : tag.includes('modulepreload') ? 'href' : undefined;
    const path = attribute && new RegExp(`\\b${attribute}="([^"]+)"`).exec(tag)?.[1];
    return path ? [path] : [];
  });
}

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
export function initialScripts(folder: string): LoadedScript[] {
  const waiting = scriptsOf(readFileSync(join(folder, 'index.html'), 'utf8')).map(path =>
    resolve(folder, path),
  );
  if (waiting.length === 0)
    throw new Error(`${folder}/index.html loads no script, so there is nothing to measure.`);
  const loaded = new Map<string, LoadedScript>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    const code = readFileSync(path, 'utf8');
    loaded.set(path, { path: relative(folder, path), gzipBytes: gzipSync(code).byteLength });
    for (const specifier of staticImports(path, code)) {
      if (!specifier.startsWith('.'))
        throw new Error(`${path} imports "${specifier}", which no browser can resolve.`);
      waiting.push(resolve(dirname(path), specifier));
    }
  }
  return [...loaded.values()].toSorted((a, b) => b.gzipBytes - a.gzipBytes);
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** `npm run budget`: fails when the built page's first load is over budget, naming the largest files. */
export function main(): void {
  const scripts = initialScripts(resolve(import.meta.dirname, '../dist'));
  const total = scripts.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
  for (const { path, gzipBytes } of scripts) console.log(`${kilobytes(gzipBytes).padStart(10)}  ${path}`);
  console.log(`${kilobytes(total).padStart(10)}  of ${kilobytes(BUDGET_BYTES)} for the first load, gzip`);
  if (total > BUDGET_BYTES)
    throw new Error(
      `The first load is ${kilobytes(total - BUDGET_BYTES)} over budget. Load what is not needed at once by a dynamic import.`,
    );
}
