import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { PrecacheEntry } from 'workbox-precaching';

/** The built page's files, by when its service worker keeps them. */
export interface SiteFiles {
  /** Fetched and kept once the page has been opened: all that it needs to open and to train. Held against their hashes. */
  readonly first: readonly PrecacheEntry[];
  /** Kept when something first asks for them: path and a hash of the content. */
  readonly later: Readonly<Record<string, string>>;
}

/** Read by hosts, or by browsers on the worker's behalf: never asked for by the page. */
const NOT_OF_THE_PAGE = /^(_headers|sw\.js)$|\.map$/;

/** Large, and used by few: foreign decoders and classifiers, the frontier, all recorded runs but the one that is shown at first. */
const LATER = [
  /^assets\/(ort|transformers)[.-]/,
  /^models\/(?!world-s\/)/,
  /^models\/world-s\/(receipt|special_tokens_map)\.json$/,
  /^runs\/(?!default\.json$)/,
];

/** Names of built assets carry a hash of their content: whatever a cache holds under them is right. */
const HASHED = /^assets\//;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map(path => path.replaceAll(sep, '/'))
    .toSorted();
}

/** Sorts what `folder` holds into what is kept at once and what is kept later, each with a hash of its content. */
export function siteFiles(folder: string): SiteFiles {
  const first: PrecacheEntry[] = [];
  const later: Record<string, string> = {};
  for (const path of filesBelow(folder)) {
    if (NOT_OF_THE_PAGE.test(path)) continue;
    const hash = createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('base64');
    const url = path.split('/').map(encodeURIComponent).join('/');
    if (LATER.some(pattern => pattern.test(path))) later[url] = hash.slice(0, 16);
    else
      first.push({
        url,
        revision: HASHED.test(path) ? null : hash.slice(0, 16),
        integrity: `sha256-${hash}`,
      });
  }
  return { first, later };
}
