import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import { withRecipe } from '../settings/choices.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { QUERY_KINDS } from '../contract/world.ts';
import type { Rollout } from '../model/rollout-types.ts';
import type { DenseLearning } from './dense-learning.ts';
import type { Distiller } from './distiller.ts';
import { learnFrom, learningOf } from './objective.ts';
import type { PolicyGradientLearning } from './policy-gradient.ts';
import type { FrozenModel } from './policy.ts';
import type { Task } from '../tasks/task.ts';
import type { Teacher } from './teachers.ts';

const OPTIMIZER = { ...DEFAULT_CONFIG.optimizer, learningRate: 0.25 };
const base = { decoder: 'base' } as unknown as FrozenModel;
/** One task of each kind, whose reward is the last token of the answer. */
const batch = QUERY_KINDS.map(
  kind => ({ kind, reward: (tokens: Uint32Array) => tokens.at(-1)! }) as unknown as Task,
);
const answers = batch.map((_, i): Rollout => ({
  tokens: Uint32Array.of(9, i),
  logProbs: Float32Array.of(-i, -i - 0.5),
  entropies: new Float32Array(2),
}));

/** What the distiller is asked to learn from these answers. */
async function asked(changes: Partial<RunConfig>) {
  const config = { ...DEFAULT_CONFIG, ...changes };
  const calls: { dense?: DenseLearning; sampled?: PolicyGradientLearning }[] = [];
  const distiller = {
    learn: (_: unknown, __: unknown, dense: DenseLearning) => calls.push({ dense }),
    learnSampled: (_: unknown, __: unknown, sampled: PolicyGradientLearning) => calls.push({ sampled }),
  } as unknown as Distiller;
  await learnFrom({ config, distiller, base, teacher: {} as Teacher }, batch, answers, OPTIMIZER);
  expect(calls).toHaveLength(1);
  return { ...calls[0]!, prepared: learningOf(config, base, OPTIMIZER) };
}

test('a divergence is learnt with its temperature and shaping, and what is compiled is what is learnt', async () => {
  const objective = { kind: 'jsd', beta: 0.3 } as const;
  const shaping = { topK: 5, tokenClip: 2, skipFirst: 3 };
  const { dense, sampled, prepared } = await asked({ objective, shaping, divergenceTemperature: 2 });
  expect(sampled).toBeUndefined();
  expect(dense).toEqual({
    objective,
    temperature: 2,
    shaping: { topK: 5, tokenClip: 2 },
    skipFirst: 3,
    optimizer: OPTIMIZER,
  });
  expect(prepared).toEqual(dense);
});

test('the sampled advantage takes the teacher’s word for every answer, and the policy that sampled', async () => {
  const policyGradient = { clipRatio: 0.1, anchor: 0.5, updates: 3, outcomeKinds: [] };
  const { dense, sampled } = await asked({
    objective: { kind: 'sampled-advantage' },
    policyGradient,
    rolloutsPerQuery: 2,
    shaping: { topK: 0, tokenClip: 0, skipFirst: 1 },
  });
  expect(dense).toBeUndefined();
  expect(sampled).toEqual({
    rolloutsPerQuery: 2,
    clipRatio: 0.1,
    anchor: { weight: 0.5, base },
    updates: 3,
    skipFirst: 1,
    optimizer: OPTIMIZER,
    rewards: [null, null, null, null],
    oldLogProbs: Float32Array.of(-0, -0.5, -1, -1.5, -2, -2.5, -3, -3.5),
  });
});

test('in a hybrid the named kinds alone take the outcome reward; GRPO takes it for all', async () => {
  const hybrid = await asked(withRecipe(DEFAULT_CONFIG, 'copsd-hybrid'));
  expect(hybrid.sampled!.rewards).toEqual([null, null, null, 3]);
  const { policyGradient } = DEFAULT_CONFIG;
  const two = await asked({
    objective: { kind: 'sampled-advantage' },
    policyGradient: { ...policyGradient, outcomeKinds: ['benign', 'harmful'] },
  });
  expect(two.sampled!.rewards).toEqual([0, null, 2, null]);
  const grpo = await asked(withRecipe(DEFAULT_CONFIG, 'grpo'));
  expect(grpo.sampled!.rewards).toEqual([0, 1, 2, 3]);
  expect(grpo.sampled!.anchor.weight).toBe(0.005);
});
