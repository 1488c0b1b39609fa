import { expect, test } from 'vitest';
import { countOf, everySteps, formatBytes, formatWeights, shortModelName } from './format.ts';

test('weights are counted in words', () => {
  expect([1_234, 420_960, 134_515_008, 1_235_814_400].map(formatWeights)).toEqual([
    '1 thousand',
    '421 thousand',
    '135 million',
    '1.2 billion',
  ]);
});

test('a commit is shortened, and nothing else', () => {
  expect(shortModelName(`lab/model@${'0123456789'.repeat(4)}`)).toBe('lab/model @ 01234567');
  expect(shortModelName('own: a@b')).toBe('own: a@b');
});

test('bytes have the unit that keeps them short', () => {
  expect([0, 1_023, 1_024, 150 * 2 ** 20, 3 * 2 ** 30].map(formatBytes)).toEqual([
    ...['0 B', '1023 B', '1.0 KiB', '150 MiB', '3.0 GiB'],
  ]);
});

test('one thing is not many', () => {
  expect([countOf(1, 'step'), countOf(0, 'step'), countOf(2_000, 'step')]).toEqual([
    ...['1 step', '0 steps', '2,000 steps'],
  ]);
  expect(countOf(2, 'query', 'queries')).toBe('2 queries');
  expect([1, 10].map(everySteps)).toEqual(['every step', 'every 10 steps']);
});
