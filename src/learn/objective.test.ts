import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import { withRecipe } from '../settings/choices.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { QUERY_KINDS } from '../contract/world.ts';
import type { Rollout } from '../model/rollout-types.ts';
import { learningOf } from './objective.ts';
import type { PolicyGradientLearning } from './policy-gradient.ts';
import type { FrozenModel } from './policy.ts';
import type { Task } from '../tasks/task.ts';

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

/** What a step minimises on these answers. */
const asked = async (changes: Partial<RunConfig>) =>
  await learningOf({ ...DEFAULT_CONFIG, ...changes }, base, OPTIMIZER, batch, answers);

/** The same of a policy gradient. */
async function sampled(changes: Partial<RunConfig>): Promise<PolicyGradientLearning> {
  const learning = await asked(changes);
  if ('loss' in learning) throw new Error('a divergence');
  return learning;
}

test('a divergence is learnt with its temperature and shaping, and what is compiled is what is learnt', async () => {
  const objective = { kind: 'jsd', beta: 0.3 } as const;
  const shaping = { topK: 5, tokenClip: 2, skipFirst: 3 };
  const config = { ...DEFAULT_CONFIG, objective, shaping, divergenceTemperature: 2 };
  const learning = await asked(config);
  expect(learning).toEqual({
    loss: { objective, temperature: 2, shaping: { topK: 5, tokenClip: 2 }, skipFirst: 3 },
    optimizer: OPTIMIZER,
  });
  expect(await learningOf(config, base, OPTIMIZER)).toEqual(learning);
});

test('the sampled advantage takes the teacher’s word for every answer, and the policy that sampled', async () => {
  const policyGradient = { clipRatio: 0.1, anchor: 0.5, updates: 3, outcomeKinds: [] };
  const learning = await asked({
    objective: { kind: 'sampled-advantage' },
    policyGradient,
    rolloutsPerQuery: 2,
    shaping: { topK: 0, tokenClip: 0, skipFirst: 1 },
  });
  expect(learning).toEqual({
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
  const hybrid = await sampled(withRecipe(DEFAULT_CONFIG, 'copsd-hybrid'));
  expect(hybrid.rewards).toEqual([null, null, null, 3]);
  const { policyGradient } = DEFAULT_CONFIG;
  const two = await sampled({
    objective: { kind: 'sampled-advantage' },
    policyGradient: { ...policyGradient, outcomeKinds: ['benign', 'harmful'] },
  });
  expect(two.rewards).toEqual([0, null, 2, null]);
  const grpo = await sampled(withRecipe(DEFAULT_CONFIG, 'grpo'));
  expect(grpo.rewards).toEqual([0, 1, 2, 3]);
  expect(grpo.anchor.weight).toBe(0.005);
});
