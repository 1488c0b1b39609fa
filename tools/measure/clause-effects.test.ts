import { expect, test } from 'vitest';
import type {
  ClauseEffects,
  FlipRate,
  FlipTable,
  Rate,
  RequestKind,
} from '../../src/record/clause-effects.ts';
import { CATEGORIES, type Category } from '../../src/contract/world.ts';
import { effectsText } from './clause-effects.ts';

const rate = (value: number): Rate => ({ rate: value, low: 0.1, high: 0.6, queries: 8 });
const flips = (value: number): FlipRate => ({ ...rate(value), toDecline: value, toComply: 0 });
const none: FlipRate = { rate: 0, low: 0, high: 1, queries: 0, toDecline: 0, toComply: 0 };
const over = <T>(of: (category: Category) => T) =>
  Object.fromEntries(CATEGORIES.map(name => [name, of(name)])) as Record<Category, T>;
const table = (value: number): FlipTable => ({
  all: flips(value),
  byCategory: over(name => (name === 'hate' ? flips(value) : none)),
  byKind: { benign: none, borderline: none, harmful: flips(value) } satisfies Record<RequestKind, FlipRate>,
});

test('says which clause flips what, and what one category does to the others', () => {
  const effects: ClauseEffects = {
    format: 'copsd-clause-effects',
    version: 2,
    model: 'tiny',
    weightsSha256: '',
    constitution: 'c',
    seed: 1,
    queriesPerCell: 8,
    sampling: table(0.05),
    samplingShifts: { words: null, rich: null },
    clauses: [
      {
        id: 'h',
        text: 'No hate.',
        category: 'hate',
        style: null,
        reaches: ['hate'],
        flips: table(0.5),
        shifts: { words: null, rich: null },
      },
    ],
    gating: [
      {
        named: null,
        text: null,
        source: 'none',
        harmful: over(() => rate(0.25)),
        borderline: over(() => rate(0)),
      },
      {
        named: 'hate',
        text: 'rules : …',
        source: 'world',
        harmful: over(name => rate(name === 'hate' ? 1 : 0.25)),
        borderline: over(() => rate(0)),
      },
    ],
  };
  const [all, by, harmful, borderline] = effectsText(effects).split('\n\n');
  expect(all).toMatch(/No hate\. +0\.50 +0\.10–0\.60 +0\.50 +0\.00 +8/);
  expect(all).toMatch(/\(sampling alone\) +0\.05/);
  expect(by).toMatch(/No hate\. +– +– +0\.50 +– +– +–/);
  expect(harmful).toMatch(/no constitution +0\.25/);
  expect(harmful).toMatch(/hate alone \(in words of the world\) +0\.25 +0\.25 +1\.00 +0\.25 +0\.25 +0\.25/);
  expect(borderline).toMatch(/^borderline: share declined/);
});
