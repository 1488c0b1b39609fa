import { expose } from 'comlink';
import { MODELS } from '../src/settings/default-config.ts';
import { LabError } from '../src/contract/errors.ts';
import type { TeacherFiles } from '../src/protocol/lab-api.ts';
import type { ModelSource } from '../src/contract/model-source.ts';
import { createLabService } from '../src/service/lab-service.ts';
import { answered } from '../src/service/outcome.ts';
import { openGpu } from '../src/gpu/device.ts';
import { memorySource } from '../src/model/checkpoint/model-source.ts';
import { OpfsRunStorage } from '../src/storage/run-storage.ts';
import { createModelStore } from './model-store.ts';

/** Where the page is hosted: its files lie beside the folder of this script. The worker's own location is a blob. */
const SITE = new URL(/* @vite-ignore */ '..', import.meta.url);

async function fetchFile(name: string, file: string): Promise<Response> {
  const response = await fetch(new URL(`models/${name}/${file}`, SITE));
  if (response.ok) return response;
  throw unreachable(response.status, `models/${name}/${file}`);
}

const unreachable = (status: number, file: string): LabError =>
  new LabError({
    code: 'E_MODEL_FETCH',
    file,
    message: `the server answered ${status}`,
    consequence: 'The file was not read; what is open is unchanged.',
    nextStep: 'Check the connection and reload the page.',
  });

/** The embedded model is small: its files come whole, and stay in memory as long as the worker. */
async function openEmbedded(name: string): Promise<ModelSource> {
  const files = [
    'config.json',
    'generation_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'model.safetensors',
  ];
  const contents = files.map(async file => {
    const bytes = await (await fetchFile(name, file)).arrayBuffer();
    return [file, new Uint8Array(bytes)] as const;
  });
  return memorySource(name, new Map(await Promise.all(contents)));
}

async function loadStarterPrompts(): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL('prompts/starter.jsonl', SITE));
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw unreachable(response.status, 'prompts/starter.jsonl');
}

async function loadExternal(name: string): Promise<TeacherFiles> {
  const json = async (file: string): Promise<unknown> => (await fetchFile(name, file)).json();
  const [config, tokenizer, onnx] = await Promise.all([
    json('config.json'),
    json('tokenizer.json'),
    fetchFile(name, 'onnx/model.onnx').then(response => response.arrayBuffer()),
  ]);
  return { name, config, tokenizer, onnx: new Uint8Array(onnx) };
}

// An unhandled rejection is invisible to the page; an error is not.
self.addEventListener('unhandledrejection', ({ reason }) => {
  setTimeout(() => {
    throw reason;
  });
});

const service = createLabService({
  openGpu: () => openGpu(navigator.gpu),
  models: MODELS.map(({ name }) => ({ name, open: () => openEmbedded(name) })),
  store: createModelStore(),
  runs: new OpfsRunStorage(),
  loadExternal,
  loadStarterPrompts,
  runtime: navigator.userAgent,
});

expose(answered(service));
