import { describe, expect, test } from 'vitest';
import { checkReference, fileUrl, hubBase, isFileName, isModelId, revisionUrl } from './hub-address.ts';
import { folderOf, parseFolder } from './cache-record.ts';

const COMMIT = 'c'.repeat(40);

describe('names of models', () => {
  test.each(['gpt2', 'HuggingFaceTB/SmolLM2-135M-Instruct', 'Qwen/Qwen2.5-0.5B-Instruct', 'a/b_c.d'])(
    '%s is valid, and its folder gives it back',
    id => {
      expect(isModelId(id)).toBe(true);
      expect(parseFolder(folderOf(`${id}@${COMMIT}`))).toEqual({ id, commit: COMMIT });
    },
  );

  test.each([
    '',
    '.',
    '..',
    '/etc',
    'a/../b',
    'a/..',
    'a//b',
    'a/b/c',
    'a b/c',
    'a/b?x=1',
    'a/b#c',
    'a%2f..',
    'a\\b',
    'a--b/c',
    'a-/b',
    'a/b.git',
    'ä/b',
    'a/b\0',
    'https://huggingface.co/a/b',
    'a'.repeat(201),
  ])('%j is invalid', id => {
    expect(isModelId(id)).toBe(false);
    expect(() => checkReference(id, 'main')).toThrow(/E_HUB_ID/);
    expect(parseFolder(`${id}@${COMMIT}`)).toBeNull();
  });
});

test.each(['main', 'v1.0', 'refs/pr/1', COMMIT])('%s is a revision', revision => {
  expect(() => checkReference('a/b', revision)).not.toThrow();
});

test.each(['', '..', 'a..b', '/main', 'main/', 'a//b', 'a/.b', 'a b', 'x.lock', 'main?x', '-main', 'a\nb'])(
  '%j is not a revision',
  revision => {
    expect(() => checkReference('a/b', revision)).toThrow(/E_HUB_REVISION/);
  },
);

test.each(['model.safetensors', 'tokenizer_config.json'])('%s is a file’s name', name => {
  expect(isFileName(name)).toBe(true);
});
test.each(['', '.part', '../x', 'a/b', 'a..b', 'a\\b', '__proto__', 'a b'])(
  '%j is not a file’s name',
  name => {
    expect(isFileName(name)).toBe(false);
  },
);

test('URLs lose trailing slashes and keep their path', () => {
  expect(hubBase('https://huggingface.co/')).toBe('https://huggingface.co');
  expect(hubBase('https://host.example/lab/hub//')).toBe('https://host.example/lab/hub');
  expect(hubBase('http://localhost:8080')).toBe('http://localhost:8080');
});

test.each([
  'huggingface.co',
  '/models',
  'http://huggingface.co',
  'http://localhost.evil.example',
  'ftp://localhost',
  'javascript:alert(1)',
  'data:text/plain,x',
  'https://user:secret@host.example',
  'https://host.example/?to=',
  'https://host.example/#x',
])('%s is not the URL of a hub', address => {
  expect(() => hubBase(address)).toThrow(/E_HUB_ADDRESS/);
});

test('a branch with a slash is one part of the address', () => {
  expect(revisionUrl('https://h', 'a/b', 'refs/pr/1')).toBe(
    'https://h/api/models/a/b/revision/refs%2Fpr%2F1',
  );
  expect(fileUrl('https://h', 'a/b', COMMIT, 'config.json')).toBe(
    `https://h/a/b/resolve/${COMMIT}/config.json`,
  );
});
