import { expose } from 'comlink';
import { LabError } from '../src/contract/errors.ts';
import type { TeacherFiles } from '../src/contract/lab-api.ts';
import type { ModelFiles } from '../src/distill/lab.ts';
import { LabService } from '../src/distill/lab-service.ts';
import { openGpu } from '../src/gpu/device.ts';

/** Model folders lie beside the folder of this script, wherever the page is hosted. */
const MODELS = new URL('../models/', self.location.href);

async function fetchFile(name: string, file: string): Promise<Response> {
  const response = await fetch(new URL(`${name}/${file}`, MODELS));
  if (response.ok) return response;
  throw new LabError({
    code: 'E_MODEL_FETCH',
    message: `the server answered ${response.status}`,
    file: `models/${name}/${file}`,
    consequence: 'The model was not opened.',
    nextStep: 'Check the connection and reload the page.',
  });
}

async function loadModel(name: string): Promise<ModelFiles> {
  const json = async (file: string): Promise<unknown> => (await fetchFile(name, file)).json();
  const [config, tokenizer, tokenizerConfig, weights] = await Promise.all([
    json('config.json'),
    json('tokenizer.json'),
    json('tokenizer_config.json'),
    fetchFile(name, 'model.safetensors').then(response => response.arrayBuffer()),
  ]);
  return { name, config, tokenizer, tokenizerConfig, weights: new Uint8Array(weights) };
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

// A rejection that nobody awaits is invisible to the page; an error is not.
self.addEventListener('unhandledrejection', ({ reason }) => {
  setTimeout(() => {
    throw reason;
  });
});

expose(
  new LabService({
    openGpu: () => openGpu(navigator.gpu),
    loadModel,
    loadExternal,
    runtime: navigator.userAgent,
  }),
);
