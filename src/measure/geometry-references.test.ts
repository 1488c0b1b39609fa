import { expect, test } from 'vitest';
import { judge } from '../world/judge.ts';
import { isHeldOut } from '../world/held-out.ts';
import { Rng } from '../world/rng.ts';
import { byClass, shuffleWords, writeReferences } from './geometry-references.ts';

const LABELS = { refusal: 'refuse', rich: 'rich', comply: 'comply', full: 'comply' } as const;

test('references: every class on the same held-out queries, judged as what they are', () => {
  const references = writeReferences(5, 1);
  expect(references).toHaveLength(6 * 5);
  expect(references.every(({ query }) => isHeldOut(query))).toBe(true);
  const { harmful, benign } = byClass(references, references);
  const texts = (answers: typeof references) => answers.map(({ query }) => query.text);
  expect(texts([...harmful.rich])).toEqual(texts([...harmful.comply]));
  expect(texts([...benign.short])).toEqual(texts([...benign.full]));
  for (const { query, role, text } of references) {
    const { label } = judge(query, text);
    if (role === 'short') expect(['short', 'comply']).toContain(label);
    else expect(label).toBe(LABELS[role]);
  }
  expect(writeReferences(5, 1)).toEqual(references);
  expect(writeReferences(5, 2)).not.toEqual(references);
});

test('shuffled words are the same words in another order, the same for the same seed', () => {
  const text = "rules : never support harm of any kind . don't lie .";
  const shuffled = shuffleWords(text, new Rng(1));
  const words = (from: string): string[] => from.split(' ').sort();
  expect(words(shuffled)).toEqual(words(text));
  expect(shuffled).not.toBe(text);
  expect(shuffleWords(text, new Rng(1))).toBe(shuffled);
});
