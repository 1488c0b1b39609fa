import { expect, test } from 'vitest';
import { unroll } from './unroll.ts';

test('blocks are repeated with their index, nested ones inside each', () => {
  const template = 'a\n//#each t T\n  t_$t\n  //#each d D\n  x_$t_$d + $du\n  //#end\n//#end\nb';
  const lines = unroll(template, { T: 2, D: 2 })
    .split('\n')
    .map(line => line.trim());
  expect(lines).toEqual([
    'const T = 2u;',
    'const D = 2u;',
    'a',
    't_0',
    'x_0_0 + 0u',
    'x_0_1 + 1u',
    't_1',
    'x_1_0 + 0u',
    'x_1_1 + 1u',
    'b',
  ]);
});

test('edges are written out too, unless they are to stay a loop that no compiler can unroll', () => {
  const template = '//#each t T\n//#edge d D\nx_$t[$d]\n//#end\n//#end';
  const lines = (rolled: boolean) => unroll(template, { T: 1, D: 2 }, rolled).split('\n').slice(2);
  expect(lines(false)).toEqual(['x_0[0]', 'x_0[1]']);
  expect(lines(true)).toEqual(['for (var edge = 0u; edge < u.vectors; edge++) {', 'x_0[edge]', '}']);
});

test('a count of zero leaves the block out', () => {
  expect(unroll('a\n//#each t T\nt\n//#end', { T: 0 })).toBe('const T = 0u;\na');
});

test('a block without an end, an end without a block and an unknown count are refused', () => {
  expect(() => unroll('a\n//#each t T\nt', { T: 1 })).toThrow('line 2 of the template: no //#end');
  expect(() => unroll('a\n//#end\nt', {})).toThrow('line 2 of the template: //#end without //#each');
  expect(() => unroll('//#each t U\nt\n//#end', { T: 1 })).toThrow('line 1 of the template: no U');
});
