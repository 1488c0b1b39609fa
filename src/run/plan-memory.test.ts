import { describe, expect, test } from 'vitest';
import { PROJECTIONS } from '../model/decoder-parameters.ts';
import { planMemory, type PlannedRun } from './plan-memory.ts';
import { QWEN_SHAPE, SMOL_SHAPE, TINY_SHAPE } from './plan-memory-fixture.ts';

const MIB = 2 ** 20;

/** Limits of Mesa's lavapipe. */
const LIMITS = { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 128 * MIB };

/** Four rollouts of 256 tokens in all, for student and teacher alike. */
const STEP: Omit<PlannedRun, 'config' | 'storage'> = {
  lora: { rank: 16, alpha: 32, targets: PROJECTIONS },
  responses: 4,
  promptTokens: 128,
  teacherPromptTokens: 128,
  maxNewTokens: 128,
  slots: 4,
  limits: LIMITS,
};

describe.each([
  ['SmolLM2-135M', SMOL_SHAPE, 134_515_008],
  ['Qwen2.5-0.5B', QWEN_SHAPE, 494_032_768],
] as const)('a step of an adapter on %s, four answers of 256 tokens', (_, config, parameters) => {
  test.each([
    ['f16', 2],
    ['q8', 36 / 32],
  ] as const)('takes at most 400 MiB besides %s weights, in bindings of 128 MiB', (storage, bytesEach) => {
    const plan = planMemory({ ...STEP, config, storage });
    expect(plan.groups.weights / (bytesEach * parameters)).toBeCloseTo(1, 2);
    expect(plan.peakBytes - plan.groups.weights).toBeLessThanOrEqual(400 * MIB);
    expect(plan.largest.bytes).toBeLessThanOrEqual(128 * MIB);
    expect(plan.broken).toBeNull();
  });

  test('would take several times as much with all activations kept', () => {
    const kept = planMemory({ ...STEP, config, storage: 'q8', recompute: false });
    expect(kept.groups.activations).toBeGreaterThan(1_000 * MIB);
  });
});

test('groups add up to the total, and each grows with its own cause', () => {
  const plan = (changes: Partial<PlannedRun> = {}) =>
    planMemory({ ...STEP, config: TINY_SHAPE, storage: 'f16', ...changes });
  const { groups, peakBytes } = plan();
  expect(Object.values(groups).reduce((sum, bytes) => sum + bytes, 0)).toBe(peakBytes);
  const grown = (changes: Partial<PlannedRun>): string[] => {
    const after = plan(changes).groups;
    return (Object.keys(groups) as (keyof typeof groups)[]).filter(name => after[name] > groups[name]);
  };
  expect(grown({ storage: 'f32' })).toEqual(['weights']);
  expect(grown({ lora: { ...STEP.lora!, lastLayers: 0, rank: 64 } })).toEqual(['learner', 'activations']);
  expect(grown({ ownTeacher: true })).toEqual(['learner']);
  // Weights, gradients and two moments of the student, and the teacher's weights.
  expect(plan({ ownTeacher: true }).groups.learner / groups.learner).toBeCloseTo(5 / 4, 1);
  expect(grown({ slots: 5 })).toEqual(['activations', 'cache', 'logits']);
  expect(grown({ teacherPromptTokens: 200 })).toEqual(['activations', 'cache']);
  expect(grown({ lora: null, storage: 'f32' })).toEqual(['weights', 'learner']);
});

test('a buffer that exceeds a limit is named, with the limit', () => {
  const limits = { maxBufferSize: 2 * MIB, maxStorageBufferBindingSize: MIB / 4 };
  const { largest, broken } = planMemory({ ...STEP, config: TINY_SHAPE, storage: 'f16', limits });
  expect(largest.bytes).toBeGreaterThan(MIB / 4);
  expect(broken).toEqual({ limit: 'maxStorageBufferBindingSize', allowed: MIB / 4 });
});

test('full fine-tuning needs f32 weights', () => {
  const whole = { ...STEP, config: TINY_SHAPE, lora: null };
  expect(planMemory({ ...whole, storage: 'f32' }).groups.learner).toBeGreaterThan(0);
  expect(() => planMemory({ ...whole, storage: 'q8' })).toThrow(
    'model.embed_tokens.weight is stored as q8: train an adapter, or load the weights as f32',
  );
});
