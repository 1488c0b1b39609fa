import { resolve } from 'node:path';
import { build, type Plugin } from 'vite';
import { siteFiles } from './site-files.ts';

/**
 * Builds `sw.js`, the service worker, into a page that has just been written, with the list of the page's files in it. Each
 * build that changes a file changes the list, and browsers take the changed script for a new version of the page.
 */
export function serviceWorker(): Plugin {
  let root = '';
  let folder = '';
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle(error) {
      if (error) return;
      await build({
        root,
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        define: { SITE_FILES: JSON.stringify(siteFiles(folder)) },
        build: {
          outDir: folder,
          emptyOutDir: false,
          modulePreload: false,
          rolldownOptions: {
            input: resolve(root, 'workers/site.worker.ts'),
            output: { format: 'iife', entryFileNames: 'sw.js' },
          },
        },
      });
    },
  };
}
