import { expect, test } from 'vitest';
import { formatTable } from './table.ts';

test('columns are as wide as their widest cell, numbers end in one line', () => {
  expect(
    formatTable([
      ['engine', 'tokens/s', 'MiB'],
      ['a longer name', '7', '1,024'],
    ]),
  ).toBe('engine         tokens/s    MiB\na longer name         7  1,024');
});

test('missing cells stay empty and leave no blanks at the end', () => {
  expect(formatTable([['a', 'b', 'c'], ['d']])).toBe('a  b  c\nd');
  expect(formatTable([])).toBe('');
});
