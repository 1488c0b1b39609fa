import { expect, test } from 'vitest';
import { readSafetensors } from '../safetensors.ts';
import { INCOMPLETE, MALFORMED_CONFIGS, MALFORMED_TOKENIZERS, MISFITS } from './malformed-texts-fixture.ts';
import { MALFORMED_INDEXES, MALFORMED_WEIGHTS } from './malformed-weights-fixture.ts';
import { goodFolder, openContents, shardedFolder, withIndex } from './model-folder-fixture.ts';
import { faultOfAsync } from '../../testing/fault-of.ts';

const MALFORMED = [
  ...MALFORMED_WEIGHTS,
  ...MALFORMED_INDEXES,
  ...MALFORMED_CONFIGS,
  ...MISFITS,
  ...MALFORMED_TOKENIZERS,
  ...INCOMPLETE,
];

test('the folders that are spoilt here open as they are', async () => {
  const { contents, index } = shardedFolder();
  const folders = await Promise.all([openContents(goodFolder()), openContents(withIndex(contents, index))]);
  for (const { checkpoint } of folders) expect(checkpoint.tensors.size).toBe(20);
});

test('there are more than forty malformed folders, of different names', () => {
  expect(MALFORMED.length).toBeGreaterThanOrEqual(40);
  expect(new Set(MALFORMED.map(({ what }) => what)).size).toBe(MALFORMED.length);
});

test.each(MALFORMED)('refuses $what', async ({ code, file, place, make }) => {
  const fault = await faultOfAsync(() => openContents(make()));
  expect(fault).toMatchObject({ code, file });
  if (place) expect(fault.place).toMatch(place);
  expect(fault.message).toMatch(/\w{2}/);
  expect(fault.message.length).toBeLessThan(2500);
  expect(fault.consequence).toMatch(/not opened; what was open is unchanged\.$/);
  expect(fault.nextStep).toMatch(/\w{3}.*\.$/);
});

test('damaged weights are refused by the reader of whole files too', async () => {
  const damaged = MALFORMED_WEIGHTS.filter(({ code }) => code.startsWith('E_SAFETENSORS_'));
  expect(damaged.length).toBeGreaterThan(25);
  for (const { code, file, make } of damaged) {
    const fault = await faultOfAsync(() => readSafetensors(make().get(file) as Uint8Array, file));
    expect(fault).toMatchObject({ code, file });
  }
});

test('what is too large is named with the bytes that it would take', async () => {
  const { make } = MALFORMED.find(({ what }) => what.includes('vocabulary of 10⁹'))!;
  const { message } = await faultOfAsync(() => openContents(make()));
  // (10⁹ · 4 + 296) parameters of two bytes; the gains take four.
  expect(message).toContain('take 7.45 GiB as f16; there is room for 1.00 MiB');
});

test('nothing reached the prototype of objects', () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>)['vocab_size']).toBeUndefined();
});
