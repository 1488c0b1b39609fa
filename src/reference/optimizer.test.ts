import { describe, expect, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { adamwStep, clipScale, globalNorm } from './adamw.ts';
import { groupAdvantage, sampledTokenReward } from './advantage.ts';
import { learningRateFactor } from './lr-schedule.ts';

const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0.5 };

describe('adamwStep', () => {
  it('moves by the learning rate against the sign of the first gradient, after decoupled decay', () => {
    const parameter = Float64Array.of(2, -4, 1);
    const moments = [new Float64Array(3), new Float64Array(3)] as const;
    adamwStep(parameter, [3, -1e-3, 0], ...moments, 1, { ...options, eps: 0 });
    assertClose(parameter.subarray(0, 2), [2 * 0.95 - 0.1, -4 * 0.95 + 0.1], 'referenceIdentity');
    assertClose(moments[0], [0.3, -1e-4, 0], 'referenceIdentity');
    assertClose(moments[1], [0.09, 1e-8, 0], 'referenceIdentity');
  });

  it('only decays a parameter without gradient', () => {
    const parameter = Float64Array.of(1);
    adamwStep(parameter, [0], new Float64Array(1), new Float64Array(1), 1, options);
    assertClose(parameter, [0.95], 'referenceIdentity');
  });

  it('keeps a constant gradient at one learning rate a step through the bias correction', () => {
    const parameter = Float64Array.of(0);
    const moments = [new Float64Array(1), new Float64Array(1)] as const;
    for (let step = 1; step <= 5; step++) {
      adamwStep(parameter, [0.01], ...moments, step, { ...options, eps: 0, weightDecay: 0 });
    }
    assertClose(parameter, [-0.5], 'referenceIdentity');
  });
});

describe('clipping', () => {
  it('pools the norm over all gradients and scales as torch does', () => {
    expect(globalNorm([[3, 0], [4]])).toBe(5);
    expect(clipScale(5, 1)).toBe(1 / (5 + 1e-6));
    expect(clipScale(0.5, 1)).toBe(1);
    expect(clipScale(0, 1)).toBe(1);
  });
});

describe('sampled-token advantage', () => {
  it('clips the log-ratio on both sides and adds the offset', () => {
    assertClose(
      sampledTokenReward([-1, -9, -0.5, -2], [-2, -1, -40, -2]),
      [1.02, -2.98, 5.02, 0.02],
      'referenceIdentity',
    );
  });

  it('pools mean and sample deviation over the valid tokens of a group', () => {
    const advantage = groupAdvantage([1, 2, 6, 100, 5, 5], [1, 1, 1, 0, 1, 1], [0, 0, 0, 0, 1, 1]);
    const std = Math.sqrt(7) + 1e-6; // mean 3: (4 + 1 + 9) / (3 − 1)
    assertClose(advantage, [-2 / std, -1 / std, 3 / std, 0, 0, 0], 'referenceIdentity');
  });

  it('gives a lone token no advantage', () => {
    assertClose(groupAdvantage([3], [1], [0]), [0], 'exact');
  });
});

describe('learningRateFactor', () => {
  it('warms up in a line, then follows the schedule to zero', () => {
    const at = (schedule: 'constant' | 'linear' | 'cosine'): number[] =>
      [0, 1, 2, 4, 6, 10, 12].map(step => learningRateFactor(schedule, step, 10, 2));
    assertClose(at('constant'), [0, 0.5, 1, 1, 1, 1, 1], 'referenceIdentity');
    assertClose(at('linear'), [0, 0.5, 1, 0.75, 0.5, 0, 0], 'referenceIdentity');
    assertClose(at('cosine'), [0, 0.5, 1, (1 + Math.SQRT1_2) / 2, 0.5, 0, 0], 'referenceIdentity');
  });
});
