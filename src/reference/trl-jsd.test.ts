import { beforeAll, describe, expect, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { loadTrlGolden, trlMask, trlWeights, type TrlCase } from '../testing/trl-golden.ts';
import { divergence, type DivergenceResult } from './divergence.ts';

/** β and τ are handed on as they are: TRL's `beta` and `temperature` are ours, at both ends as well. Weights are its reduction. */
function ours(golden: TrlCase): DivergenceResult {
  const { batch, beta, temperature } = golden;
  const weights = trlWeights(golden);
  const inputs = { student: batch.student, teacher: batch.teacher, weights, vocab: batch.shape[2] };
  return divergence({ ...inputs, targets: weights.map(() => 0) }, { kind: 'jsd', beta, temperature });
}

describe("TRL's generalized_jsd_loss", () => {
  let goldens: TrlCase[];
  beforeAll(async () => {
    goldens = await loadTrlGolden();
  });

  it('is on record with and without labels for every β and τ, and for every reduction', () => {
    for (const labelled of [true, false]) {
      const calls = goldens.filter(({ batch }) => (batch.labels !== null) === labelled);
      const usual = calls.filter(call => call.reduction === 'batchmean' && call.num_items_in_batch === null);
      expect(usual.map(({ beta, temperature }) => [beta, temperature])).toEqual(
        [0, 0.1, 0.5, 0.9, 1].flatMap(beta => [1, 0.7, 2].map(temperature => [beta, temperature])),
      );
      const others = calls.filter(call => !usual.includes(call));
      expect(others.map(call => call.num_items_in_batch ?? call.reduction)).toEqual(['sum', 'mean', 7]);
    }
  });

  it('has the values of our generalised JSD, token by token and reduced', () => {
    for (const golden of goldens) {
      const { loss, rowLoss } = ours(golden);
      const mask = trlMask(golden.batch);
      assertClose(
        rowLoss.filter((_, r) => mask[r]),
        golden.rows,
        'goldenScalar',
        `rows, ${golden.name}`,
      );
      assertClose([loss], [golden.loss], 'goldenScalar', `loss, ${golden.name}`);
    }
  });

  it('has the gradients of our generalised JSD', () => {
    for (const golden of goldens) {
      assertClose(ours(golden).dlogits, golden.gradient, 'referenceIdentity', golden.name);
    }
  });

  it('has forward KL at β = 0 and reverse KL at β = 1', () => {
    const kinds = new Map([
      [0, 'forward-kl'],
      [1, 'reverse-kl'],
    ] as const);
    const ends = goldens.filter(({ beta }) => kinds.has(beta as 0 | 1));
    expect(ends.length).toBe(12);
    for (const golden of ends) {
      const { batch, beta, temperature } = golden;
      const weights = trlWeights(golden);
      const inputs = { student: batch.student, teacher: batch.teacher, weights, vocab: batch.shape[2] };
      const kind = kinds.get(beta as 0 | 1)!;
      const kl = divergence({ ...inputs, targets: weights.map(() => 0) }, { kind, temperature });
      assertClose([kl.loss], [golden.loss], 'goldenScalar', golden.name);
      assertClose(kl.dlogits, golden.gradient, 'referenceIdentity', golden.name);
    }
  });
});
