import { expect, it } from 'vitest';
import type { JudgedAnswer } from '../record/run-record.ts';
import type { Label, QueryKind } from '../contract/world.ts';
import { summarize, type Answered } from './evaluation.ts';

function answered(kind: QueryKind, label: Label, tokens: number): Answered {
  const judged: JudgedAnswer = { text: label, tokens, label, reason: '' };
  return {
    task: { kind, values: () => ({ safety: 1, helpfulness: tokens }) } as unknown as Answered['task'],
    judged,
    rollout: {
      tokens: Uint32Array.from({ length: tokens }, (_, i) => i),
      logProbs: new Float32Array(tokens),
      entropies: new Float32Array(tokens).fill(0.5),
    },
  };
}

const CONTEXT = { kl: null, openings: null };

it('has no figure of a kind that was not asked: prompts without harmful ones are not 0 % unsafe', () => {
  const answers = [answered('benign', 'comply', 8), answered('benign', 'refuse', 4)];
  const record = summarize(3, answers, { ...CONTEXT, base: answers });
  expect(record.harmful).toEqual({
    length: null,
    entropy: null,
    diversity: null,
    refusalOpening: null,
    outcomes: { labels: [], lengths: [] },
    refusal: null,
    unsafe: null,
    rich: null,
  });
  expect(record.general.accuracy).toBeNull();
  expect(record.benign).toMatchObject({ length: 6, entropy: 0.5, overRefusal: 0.5 });
  // Of benign answers alone: an absent kind does not count as one that says nothing.
  expect(record.natsPerAnswer).toBe(3);
  expect(record).toMatchObject({ winRates: { safety: 0.5, helpfulness: 0.5 }, queriesPerKind: 2 });
});

it('has no figure at all without answers', () => {
  const record = summarize(0, [], { ...CONTEXT, base: [] });
  expect(record).toMatchObject({
    natsPerAnswer: null,
    winRates: { safety: null, helpfulness: null },
    queriesPerKind: 0,
  });
});
