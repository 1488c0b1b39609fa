import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { siteFiles } from './site-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, text = path): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64');

test('what opens and trains is kept at once, large things that few use later, and the host’s own files never', () => {
  const first = [
    'assets/index-1.js',
    'assets/lab.worker-1.js',
    'constitutions/brief.json',
    'index.html',
    'models/world-s/model.safetensors',
    'runs/default.json',
  ];
  const later = [
    'assets/ort-wasm-simd-threaded-1.wasm',
    'assets/ort.webgpu.bundle-1.js',
    'assets/transformers.web-1.js',
    'models/world-f/onnx/model.onnx',
    'models/world-s/receipt.json',
    'runs/copsd-1.json',
  ];
  for (const path of [...first, ...later, '_headers', 'sw.js', 'assets/index-1.js.map']) put(path);
  const files = siteFiles(folder);
  expect(files.first.map(({ url }) => url)).toEqual(first);
  expect(Object.keys(files.later)).toEqual(later);
});

test('a file is known by its content: names that carry a hash need no other version', () => {
  put('assets/index-1.js', 'a');
  put('index.html', 'b');
  put('runs/a b.json', 'c');
  expect(siteFiles(folder)).toEqual({
    first: [
      { url: 'assets/index-1.js', revision: null, integrity: `sha256-${hash('a')}` },
      { url: 'index.html', revision: hash('b').slice(0, 16), integrity: `sha256-${hash('b')}` },
    ],
    later: { 'runs/a%20b.json': hash('c').slice(0, 16) },
  });
});
