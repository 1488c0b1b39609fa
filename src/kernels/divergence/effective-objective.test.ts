import { expect, test } from 'vitest';
import type { Tensor } from '../../gpu/tensor.ts';
import { effectiveObjective, type ObjectiveChoice } from './effective-objective.ts';
import type { TokenObjective } from './objectives.ts';

const tensor = {} as Tensor;
const of = (objective: TokenObjective, rest: Partial<ObjectiveChoice> = {}) =>
  effectiveObjective({ objective, temperature: 1, shaping: {}, policy: {}, ...rest });

test.each<[TokenObjective, TokenObjective['kind']]>([
  [{ kind: 'jsd', beta: 0 }, 'forward-kl'],
  [{ kind: 'jsd', beta: 1 }, 'reverse-kl'],
  [{ kind: 'jsd', beta: 0.5 }, 'jsd'],
  [{ kind: 'skew-forward', lambda: 0 }, 'forward-kl'],
  [{ kind: 'skew-forward', lambda: 1e-39 }, 'forward-kl'],
  [{ kind: 'skew-forward', lambda: 1e-37 }, 'skew-forward'],
  [{ kind: 'skew-reverse', lambda: 0 }, 'reverse-kl'],
  [{ kind: 'skew-reverse', lambda: 0.99 }, 'skew-reverse'],
  [{ kind: 'alpha', alpha: 0 }, 'reverse-kl'],
  [{ kind: 'alpha', alpha: 1e-13 }, 'reverse-kl'],
  [{ kind: 'alpha', alpha: 1e-12 }, 'alpha'],
  [{ kind: 'alpha', alpha: 1 - 1e-12 }, 'alpha'],
  [{ kind: 'alpha', alpha: 1 - 1e-13 }, 'forward-kl'],
  [{ kind: 'alpha', alpha: 1 }, 'forward-kl'],
])('%o is computed as %s', (objective, kind) => {
  expect(of(objective).kind).toBe(kind);
});

const kl = { kind: 'reverse-kl' } as const;
const policy = { kind: 'policy-gradient' } as const;

test.each<[string, TokenObjective, Partial<ObjectiveChoice>]>([
  ["beta 1.2 of 'jsd': Too big: expected number to be <=1", { kind: 'jsd', beta: 1.2 }, {}],
  ["beta NaN of 'jsd'", { kind: 'jsd', beta: NaN }, {}],
  ["lambda 1 of 'skew-forward': Too big: expected number to be <1", { kind: 'skew-forward', lambda: 1 }, {}],
  ["lambda -0.1 of 'skew-reverse'", { kind: 'skew-reverse', lambda: -0.1 }, {}],
  ["alpha 1.5 of 'alpha': Too big: expected number to be <=1", { kind: 'alpha', alpha: 1.5 }, {}],
  ['temperature 0: must be a finite number above 0', kl, { temperature: 0 }],
  ["temperature 0.7: 'cross-entropy' is defined", { kind: 'cross-entropy' }, { temperature: 0.7 }],
  ['topK 2.5: must be a whole number', kl, { shaping: { topK: 2.5 } }],
  ['topK -1: must be a whole number', kl, { shaping: { topK: -1 } }],
  ['tokenClip -1: must be a number of nats', kl, { shaping: { tokenClip: -1 } }],
  ['tokenClip NaN', kl, { shaping: { tokenClip: NaN } }],
  ["tokenClip 2: 'policy-gradient' has no such option", policy, { shaping: { tokenClip: 2 } }],
  ["topK 5: 'cross-entropy' has no such option", { kind: 'cross-entropy' }, { shaping: { topK: 5 } }],
  [
    'clipRatio 1.2: must be between 0 and 1',
    policy,
    { policy: { proximal: { clipRatio: 1.2, oldLogProb: tensor } } },
  ],
  ['weight -1 of the anchor', policy, { policy: { anchor: { weight: -1, referenceLogProb: tensor } } }],
  [
    "anchor: 'reverse-kl' has no such option",
    kl,
    { policy: { anchor: { weight: 1, referenceLogProb: tensor } } },
  ],
])('%s', (message, objective, rest) => {
  expect(() => of(objective, rest)).toThrow(RangeError);
  expect(() => of(objective, rest)).toThrow(message);
});
