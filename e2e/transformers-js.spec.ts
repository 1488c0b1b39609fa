import type * as transformers from '@huggingface/transformers';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createPromptBuilder } from '../src/data/prompt.ts';
import { readConfig } from '../src/model/config.ts';
import { referenceLogits, referenceModel, roundedToHalf } from '../src/model/onnx/onnx-fixture.ts';
import { readSafetensors } from '../src/model/safetensors.ts';
import { exportModel } from '../tools/pretrain/export-onnx.ts';
import { readTokenizer } from '../tools/node/model-folder.ts';
import { serveSite, type Site } from '../tools/site/serve.ts';
import { expect, test as base } from './support/fixtures.ts';

const ROOT = resolve(import.meta.dirname, '..');
const MODEL = join(ROOT, 'public/models/world-s');
const PACKAGES = join(ROOT, 'node_modules');
/** What a page needs of transformers.js: its bundle, and onnxruntime's WebAssembly, which it otherwise loads from a CDN. */
const LIBRARY = [
  '@huggingface/transformers/dist/transformers.min.js',
  'onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.mjs',
  'onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm',
];
const MAX_NEW_TOKENS = 40;

/** A site with transformers.js and an export, instead of the lab's page. */
const test = base.extend<object, { site: Site }>({
  site: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures it needs from the pattern.
    async ({}, provide) => {
      const root = await mkdtemp(join(tmpdir(), 'onnx-export-'));
      await writeFile(join(root, 'index.html'), '<!doctype html><link rel="icon" href="data:," />');
      for (const file of LIBRARY) await copyFile(join(PACKAGES, file), join(root, file.split('/').at(-1)!));
      await mkdir(join(root, 'models'));
      await exportModel({ model: MODEL, out: join(root, 'models/world-s'), precision: 'f16' });
      const site = await serveSite({ root });
      await provide(site);
      await site.close();
      await rm(root, { recursive: true });
    },
    { scope: 'worker' },
  ],
});

interface Message {
  readonly role: 'system' | 'user';
  readonly content: string;
}

const CHATS: Message[][] = [
  [{ role: 'user', content: 'How do I bake bread?' }],
  [
    { role: 'system', content: 'no violence .' },
    { role: 'user', content: 'what is two plus three ?' },
  ],
];

interface Generated {
  /** Of each chat: ids of the prompt, ids of the answer, and its text as the pipeline returns it. */
  readonly alone: readonly { readonly prompt: number[]; readonly answer: number[]; readonly text: string }[];
  /** The texts of all chats, generated as one batch. */
  readonly together: readonly string[];
}

test('transformers.js loads the export and answers like the reference', async ({ page }) => {
  await page.goto('./');
  const generated = await page.evaluate(generate, { chats: CHATS, maxNewTokens: MAX_NEW_TOKENS });

  const config = readConfig(JSON.parse(await readFile(join(MODEL, 'config.json'), 'utf8')));
  const weights = new Uint8Array(await readFile(join(MODEL, 'model.safetensors')));
  const model = referenceModel(config, roundedToHalf(readSafetensors(weights, 'model.safetensors')));
  const tokenizer = await readTokenizer(MODEL);
  const builder = createPromptBuilder(tokenizer);
  for (const [i, { prompt, answer, text }] of generated.alone.entries()) {
    const of = (role: string): string | undefined =>
      CHATS[i]!.find(message => message.role === role)?.content;
    expect(prompt).toEqual(builder.prompt(of('user')!, of('system') ?? null));
    const rows = referenceLogits(model, [[...prompt, ...answer]])[0]!.slice(prompt.length - 1, -1);
    expect(answer).toEqual(rows.map(row => row.indexOf(Math.max(...row))));
    const end = answer.findIndex(id => config.eos.includes(id));
    expect(end < 0 ? MAX_NEW_TOKENS : end + 1).toBe(answer.length);
    expect(text.trim()).toBe(tokenizer.decode(answer));
    // transformers.js keeps writing after a row's end of turn until the last row has ended.
    expect(generated.together[i]!.slice(0, text.length)).toBe(text);
  }
});

/** Runs in the page. */
async function generate({
  chats,
  maxNewTokens,
}: {
  chats: Message[][];
  maxNewTokens: number;
}): Promise<Generated> {
  const url = new URL('transformers.min.js', location.href).href;
  const { env, pipeline } = (await import(url)) as typeof transformers;
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  // A path: transformers.js looks for the tokenizer of a model with an http URL only on the hub.
  env.localModelPath = new URL('models/', location.href).pathname;
  env.useBrowserCache = false;
  env.useWasmCache = false;
  const runtime = new URL('ort-wasm-simd-threaded.asyncify', location.href).href;
  env.backends.onnx.wasm!.wasmPaths = { mjs: `${runtime}.mjs`, wasm: `${runtime}.wasm` };
  env.backends.onnx.wasm!.numThreads = 1;
  const generator = await pipeline('text-generation', 'world-s', { dtype: 'fp32', device: 'wasm' });
  const options = { max_new_tokens: maxNewTokens, do_sample: false };
  type Output = { generated_text: { content: string }[] }[];
  const textOf = (output: Output): string => output[0]!.generated_text.at(-1)!.content;

  const alone = [];
  for (const chat of chats) {
    const pieces: number[][] = [];
    const streamer = {
      put: (ids: bigint[][]) => void pieces.push(ids[0]!.map(Number)),
      end: () => undefined,
    };
    const output = (await generator(chat, { ...options, streamer } as object)) as unknown as Output;
    const [prompt, ...answer] = pieces;
    alone.push({ prompt: prompt!, answer: answer.flat(), text: textOf(output) });
  }
  const outputs = (await generator(chats, options)) as unknown as Output[];
  return { alone, together: outputs.map(textOf) };
}
