import { clientsClaim } from 'workbox-core';
import { precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';
import type { SiteFiles } from '../tools/site/site-files.ts';

/** Written in by the build. */
declare const SITE_FILES: SiteFiles;

/** What of a service worker's own scope is used here: the library of types for pages does not have it. */
interface SiteScope {
  readonly registration: { readonly scope: string };
  readonly clients: {
    matchAll(options: object): Promise<readonly { readonly id: string; readonly url: string }[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'fetch', listener: (event: Event & { readonly request: Request }) => void): void;
  addEventListener(type: 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'message', listener: (event: Lasting & PageMessage) => void): void;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
interface PageMessage {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
  readonly source: { readonly id: string };
}

const site = self as unknown as SiteScope;
const { scope } = site.registration;
const LATER_CACHE = `later ${scope}`;

/** A file of the page under the version of it that belongs to this build; undefined for anything else. */
function versioned(address: string): string | undefined {
  if (!address.startsWith(scope)) return undefined;
  const path = address.slice(scope.length);
  const hash = SITE_FILES.later[path];
  return hash === undefined ? undefined : `${address}?version=${encodeURIComponent(hash)}`;
}

// Range requests bypass these caches. This listener is registered before workbox's, so it runs first.
site.addEventListener('fetch', event => {
  if (event.request.headers.has('range')) event.stopImmediatePropagation();
});

// Settings are in the page's URL, which does not make it another page.
precacheAndRoute([...SITE_FILES.first], { ignoreURLParametersMatching: [/./], cleanURLs: false });

registerRoute(
  ({ url }) => versioned(url.href) !== undefined,
  new CacheFirst({
    cacheName: LATER_CACHE,
    // Hosts let browsers keep files for minutes; behind a new version that would be the old file.
    fetchOptions: { cache: 'no-cache' },
    plugins: [{ cacheKeyWillBeUsed: async ({ request }) => versioned(request.url) ?? request }],
  }),
);

site.addEventListener('activate', event => {
  const dropOldVersions = async (): Promise<void> => {
    const cache = await caches.open(LATER_CACHE);
    const current = new Set(Object.keys(SITE_FILES.later).map(path => versioned(scope + path)));
    const old = (await cache.keys()).filter(({ url }) => !current.has(url));
    await Promise.all(old.map(request => cache.delete(request)));
  };
  event.waitUntil(dropOldVersions());
});

// The first version serves the page that installed it; later ones wait until the user asks for them.
clientsClaim();

/**
 * `take-over` asks a waiting version to replace the one in use. It does so for the only page that is open, because it drops
 * the old version's files, and another page may still need these. Answers with the number of other pages.
 */
site.addEventListener('message', event => {
  if (event.data !== 'take-over') return;
  const takeOver = async (): Promise<void> => {
    const pages = await site.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const others = pages.filter(({ id, url }) => url.startsWith(scope) && id !== event.source.id).length;
    event.ports[0]?.postMessage(others);
    if (others === 0) await site.skipWaiting();
  };
  event.waitUntil(takeOver());
});
