import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, posix, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer, normalizePath, type ViteDevServer } from 'vite';
import { EMBEDDED_MODEL } from './embedded-model.ts';
import { PARTS, type BenchOptions, type PageReport, type PartName } from './report.ts';
import type { run } from './page.ts';
import { reportTable } from './report-table.ts';
import { CHROMIUM_ARGS, ensureChromium } from '../test/chromium.ts';
import { exportModel } from '../pretrain/export-onnx.ts';

const USAGE = `usage: npm run bench -- [--only trainStep|rollout|head] [--rounds 5] [--json FILE]

Measures the engine in one Chromium page: a training step against the same step in jax-js, rollouts against transformers.js,
and the fused head at large vocabularies. docs/benchmarks.md says what the numbers mean.`;

const ROOT = resolve(import.meta.dirname, '../..');
const MODEL = join(ROOT, 'public', 'models', EMBEDDED_MODEL);
const LIBRARIES = ['@jax-js/jax', '@huggingface/transformers'];
const PAGE = '/bench.html';
const HOST = '127.0.0.1';

export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  const parts = PARTS.filter(part => values.only === undefined || values.only === part);
  if (values.help || parts.length === 0 || !(Number.isInteger(rounds) && rounds > 0)) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const { version, report } = await measure(parts, rounds);
  const environment = {
    date: new Date().toISOString(),
    browser: `Chromium ${version}`,
    processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    jaxJs: packageVersion('@jax-js/jax'),
    transformersJs: packageVersion('@huggingface/transformers'),
    onnxruntimeWeb: packageVersion('onnxruntime-web'),
    rounds,
  };
  console.log(`\n${reportTable(report)}\n`);
  console.log(`${report.adapter}; ${environment.browser}; ${environment.processor}; rounds: ${rounds}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ ...report, environment }, null, 2)}\n`);
}

async function measure(
  parts: readonly PartName[],
  rounds: number,
): Promise<{ version: string; report: PageReport }> {
  const embeddedWeights = existsSync(join(MODEL, 'model.safetensors'));
  const exports = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const peers = embeddedWeights && parts.includes('rollout');
    if (peers) await exportModel({ model: MODEL, out: join(exports, EMBEDDED_MODEL), precision: 'f32' });
    const exportedModels = peers ? `${posix.join('/@fs', normalizePath(exports))}/` : null;
    return await runPage({ parts, rounds, embeddedWeights, exportedModels }, exports);
  } finally {
    await rm(exports, { recursive: true });
  }
}

async function runPage(
  options: BenchOptions,
  exports: string,
): Promise<{ version: string; report: PageReport }> {
  const server = await serve(exports);
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });
  try {
    const page = await browser.newPage();
    await page.route(
      url => url.hostname !== HOST,
      route => route.abort(),
    );
    // Vite's client asks for updates: it is left waiting, or it would ask again while the page measures.
    await page.routeWebSocket(
      () => true,
      () => undefined,
    );
    page.on('console', message => {
      if (message.type() !== 'debug') console.log(message.text());
    });
    await page.goto(new URL(PAGE, server.resolvedUrls?.local[0]).href);
    // Text, because the page imports by itself: the module that runs here is compiled for Node.
    const script = `import('/tools/bench/page.ts').then(bench => bench.run(${JSON.stringify(options)}))`;
    return {
      version: browser.version(),
      report: await page.evaluate<Awaited<ReturnType<typeof run>>>(script),
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Serves the sources and the folder of exports on this machine alone, with an empty page, and without anything that reloads while it measures. */
async function serve(exports: string): Promise<ViteDevServer> {
  const server = await createServer({
    configFile: false,
    root: ROOT,
    cacheDir: join(ROOT, 'node_modules', '.vite-bench'),
    appType: 'custom',
    logLevel: 'warn',
    optimizeDeps: { noDiscovery: true, include: LIBRARIES },
    server: { host: HOST, port: 0, hmr: false, ws: false, watch: null, fs: { allow: [ROOT, exports] } },
    plugins: [
      {
        name: 'empty-page',
        configureServer: ({ middlewares }) => {
          middlewares.use(PAGE, (_, response) => {
            response.setHeader('Content-Type', 'text/html; charset=utf-8');
            response.end('<!doctype html><link rel="icon" href="data:," /><title>Benchmark</title>');
          });
        },
      },
    ],
  });
  return server.listen();
}

function packageVersion(name: string): string {
  const text = readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
