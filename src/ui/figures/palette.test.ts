import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DARK, LIGHT, PAGE } from './palette.ts';

it('gives files the colours that the page has', () => {
  const tokens = readFileSync('src/ui/shell/tokens.css', 'utf8');
  for (const [tone, value] of Object.entries(PAGE)) {
    const name = /^var\((.+)\)$/.exec(value)![1]!;
    const [, light, dark] = new RegExp(`${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens)!;
    expect([light, dark], tone).toEqual([LIGHT[tone as keyof typeof LIGHT], DARK[tone as keyof typeof DARK]]);
  }
});
