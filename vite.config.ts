import react from '@vitejs/plugin-react';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { defineConfig, type Plugin } from 'vite';
import { contentSecurityPolicy, pageHeaders } from './tools/site/page-headers.ts';
import { serviceWorker } from './tools/site/service-worker.ts';

/** Writes the policy into the built page, for hosts that send no headers, and a `_headers` file for those that read it. */
function pagePolicy(): Plugin {
  return {
    name: 'page-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy() },
        injectTo: 'head-prepend',
      },
    ],
    generateBundle() {
      const lines = Object.entries(pageHeaders()).map(([name, value]) => `  ${name}: ${value}`);
      this.emitFile({ type: 'asset', fileName: '_headers', source: ['/*', ...lines, ''].join('\n') });
    },
  };
}

/** The revision that is built, for receipts; empty where there is no repository, as in an unpacked archive. */
function revision(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

const inPackages = (...names: string[]): RegExp =>
  new RegExp(`[\\\\/]node_modules[\\\\/](?:${names.join('|')})[\\\\/]`);

export default defineConfig(({ command, isPreview }) => {
  // The development server adds inline scripts and styles; a nonce lets these in and no others.
  const nonce = command === 'serve' && !isPreview ? randomBytes(16).toString('base64') : undefined;
  return {
    base: './',
    plugins: [react(), pagePolicy(), serviceWorker()],
    define: { LAB_REVISION: JSON.stringify(revision()) },
    ...(nonce && { html: { cspNonce: nonce } }),
    server: { headers: pageHeaders(nonce) },
    preview: { headers: pageHeaders() },
    worker: { format: 'es' },
    // The worker asks for them late, and a dependency that is discovered late reloads the page.
    optimizeDeps: { include: ['onnxruntime-web/webgpu', '@huggingface/transformers'] },
    build: {
      // Data URLs would need holes in the policy, and the polyfill an inline script.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 600,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: 'react', test: inPackages('react', 'react-dom', 'scheduler'), priority: 2 },
              {
                name: 'charts',
                test: inPackages('recharts', 'victory-vendor', 'd3-(?!contour)[^\\\\/]+'),
                priority: 1,
              },
              // All else that the page needs at once, in one file: lazy parts share many small modules with it.
              { name: 'page', tags: ['$initial'] },
            ],
          },
        },
      },
    },
  };
});
