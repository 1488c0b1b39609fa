import { expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { fileSource } from './file-source.ts';
import { openModelFolder } from './model-folder.ts';
import {
  CONFIG,
  goodFolder,
  randomTensors,
  ROOM,
  shardedFolder,
  withIndex,
  type Contents,
} from './model-folder-fixture.ts';
import { faultOfAsync } from '../../testing/fault-of.ts';

/** Files as a browser passes them: with `folder`, as those of a chosen folder. */
function chosen(contents: Contents, folder = ''): File[] {
  return [...contents].map(([path, content]) => {
    const file = new File([content], path.slice(path.lastIndexOf('/') + 1));
    return Object.defineProperty(file, 'webkitRelativePath', { value: folder && `${folder}/${path}` });
  });
}

const only = (...paths: string[]): Contents => new Map(paths.map(path => [path, 'x']));

const CLUTTER = only(
  ...[
    'README.md',
    '.DS_Store',
    'onnx/model.onnx',
    'onnx/config.json',
    'pytorch_model.bin',
    'old/model.safetensors',
  ],
);

async function expectOpens(files: readonly File[], path?: (file: File) => string): Promise<void> {
  const source = fileSource('tiny', files, path);
  const { checkpoint, name } = await openModelFolder(source, ROOM);
  expect(name).toBe('tiny');
  for (const [tensor, { data }] of randomTensors(readConfig(CONFIG), 'BF16'))
    expect(await checkpoint.tensors.get(tensor)!.read(0, data.byteLength)).toEqual(data);
}

test('a chosen folder opens, whatever else lies in it', async () => {
  const files = chosen(new Map([...CLUTTER, ...goodFolder()]), 'tiny-model');
  await expectOpens(files);
  expect([...fileSource('tiny', files).files.keys()].sort()).toEqual([...goodFolder().keys()].sort());
});

test('chosen files open without a folder', async () => {
  await expectOpens(chosen(goodFolder()));
});

test('shards are picked with their index', async () => {
  const { contents, index } = shardedFolder();
  await expectOpens(chosen(withIndex(contents, index), 'sharded'));
});

test('a folder within a folder opens', async () => {
  const within = new Map([...goodFolder()].map(([path, content]) => [`inner/${path}`, content]));
  await expectOpens(chosen(within, 'outer'));
});

test('paths may come from whoever walked what was dropped', async () => {
  const paths = new Map(chosen(goodFolder()).map(file => [file, `/dropped/${file.name}`]));
  await expectOpens([...paths.keys()], file => paths.get(file)!);
});

test.each<[string, Contents, string, RegExp]>([
  ['nothing', only(), 'E_FOLDER_CONFIG', /no config\.json$/],
  ['an adapter', only('adapter_config.json', 'adapter_model.safetensors'), 'E_FOLDER_CONFIG', /an adapter/],
  ['a GGUF file', only('model.Q4.gguf'), 'E_FOLDER_CONFIG', /GGUF/],
  [
    'two models',
    only('a/config.json', 'b/config.json'),
    'E_FOLDER_CONFIG',
    /"x\/a\/config.json", "x\/b\/config.json"/,
  ],
  [
    'a configuration alone',
    only('config.json'),
    'E_FOLDER_FILES',
    /"tokenizer.json", "model.safetensors" are missing/,
  ],
  ['no tokenizer', only('config.json', 'model.safetensors'), 'E_FOLDER_FILES', /"tokenizer.json" is missing/],
  [
    'weights that can run code',
    only('config.json', 'tokenizer.json', 'pytorch_model.bin'),
    'E_FOLDER_FILES',
    /"pytorch_model.bin" is in a format that can run code/,
  ],
  [
    'shards without an index',
    only('config.json', 'tokenizer.json', 'model-00001-of-00002.safetensors'),
    'E_FOLDER_FILES',
    /index\.json is missing/,
  ],
])('names what is wrong with %s', async (_, contents, code, message) => {
  const fault = await faultOfAsync(() => fileSource('x', chosen(contents, 'x')));
  expect(fault).toMatchObject({ code, file: 'x', place: 'folder' });
  expect(fault.message).toMatch(message);
});

test('two files of one name are refused', async () => {
  const fault = await faultOfAsync(() => fileSource('x', [...chosen(goodFolder()), ...chosen(goodFolder())]));
  expect(fault).toMatchObject({ code: 'E_FOLDER_TWICE', file: 'config.json' });
});

test('a file that cannot be read any more is named', async () => {
  const files = chosen(goodFolder());
  const config = files.find(({ name }) => name === 'config.json')!;
  config.slice = () => {
    throw new DOMException('The file was changed', 'NotReadableError');
  };
  const source = fileSource('x', files);
  expect(await faultOfAsync(() => openModelFolder(source, ROOM))).toMatchObject({
    code: 'E_MODEL_READ',
    file: 'config.json',
  });
});
