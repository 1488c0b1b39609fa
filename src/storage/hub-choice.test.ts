import { expect, test } from 'vitest';
import type { HubFile } from '../contract/model-hub.ts';
import { chooseFiles, chooseShards } from './hub-choice.ts';

const file = (path: string, bytes = 1): HubFile => ({
  path,
  bytes,
  hash: { algorithm: 'sha256', digest: '0'.repeat(64) },
});
const DESCRIBED = [file('config.json'), file('tokenizer.json')];
const choose = (...more: string[]) => chooseFiles('a/b', [...DESCRIBED, ...more.map(name => file(name))]);
const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
const indexOf = (...names: unknown[]): string =>
  JSON.stringify({ weight_map: Object.fromEntries(names.map((name, index) => [`t${index}`, name])) });

test('a single weights file is preferred to shards; files in other folders are ignored', () => {
  const { files, index } = choose(
    'model.safetensors',
    'model.safetensors.index.json',
    'onnx/config.json',
    'original/model.safetensors',
    'adapter_model.safetensors',
    'vocab.json',
  );
  expect(files.map(({ path }) => path)).toEqual(['config.json', 'tokenizer.json', 'model.safetensors']);
  expect(index).toBeNull();
});

test.each([
  [[file('config.json'), file('model.safetensors')], /no tokenizer\.json/],
  [[file('model.safetensors')], /no config\.json and no tokenizer\.json/],
  [DESCRIBED, /no model\.safetensors/],
  [[...DESCRIBED, file('model-q4.gguf')], /another format \(model-q4\.gguf\)/],
  [[file('config.json', 2 ** 30), file('tokenizer.json'), file('model.safetensors')], /more than/],
])('what is missing is named (%#)', (listed, message) => {
  expect(() => chooseFiles('a/b', listed)).toThrow(message);
  expect(() => chooseFiles('a/b', listed)).toThrow(/E_HUB_INCOMPLETE/);
});

test('each shard is taken once, sorted by name', () => {
  const listed = SHARDS.map(name => file(name));
  const chosen = chooseShards('a/b', indexOf(SHARDS[1], SHARDS[0], SHARDS[1]), listed);
  expect(chosen.map(({ path }) => path)).toEqual(SHARDS);
});

test.each([
  ['{', /not JSON/],
  ['[]', /no weight_map/],
  ['{"weight_map":{}}', /empty/],
  [indexOf(7), /no weight_map/],
  [indexOf('../model.safetensors'), /not the name of a shard/],
  [indexOf('https://evil.example/model.safetensors'), /not the name of a shard/],
  [indexOf('config.json'), /not the name of a shard/],
  [indexOf('model-00003-of-00003.safetensors'), /is missing/],
])('an index that does not name shards of the model is refused: %s', (text, message) => {
  const listed = [...DESCRIBED, ...SHARDS.map(name => file(name))];
  expect(() => chooseShards('a/b', text, listed)).toThrow(message);
});
