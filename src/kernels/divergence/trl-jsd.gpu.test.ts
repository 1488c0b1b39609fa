import { describe, expect, test } from 'vitest';
import { rowOf } from '../../reference/cross-entropy.ts';
import { assertClose } from '../../testing/compare.ts';
import { loadTrlGolden, trlMask, trlWeights, type TrlCase } from '../../testing/trl-golden.ts';
import { runRows, tunings, type Rows } from './rows-fixture.ts';

/** TRL's β, τ and logits as they are; its labels and reduction become weights. */
function rowsOf(golden: TrlCase): Rows {
  const { shape, student, teacher } = golden.batch;
  const rows = shape[0] * shape[1];
  const unused = new Float32Array(rows);
  return {
    rows,
    vocab: shape[2],
    student: Float32Array.from(student),
    teacher: Float32Array.from(teacher),
    target: new Uint32Array(rows),
    weight: Float32Array.from(trlWeights(golden)),
    advantage: unused,
    oldLogProb: unused,
    referenceLogProb: unused,
  };
}

describe.each(Object.entries(tunings))("%s: TRL's generalized_jsd_loss", (_, tuning) => {
  test('has the values and the gradients of the kernel, for every β, τ and reduction', async () => {
    for (const golden of await loadTrlGolden()) {
      const { batch, beta, temperature, name } = golden;
      const vocab = batch.shape[2];
      const mask = trlMask(batch);
      const weights = trlWeights(golden);
      const outcome = await runRows(tuning, { kind: 'jsd', beta }, rowsOf(golden), { temperature });

      const losses = outcome.column('loss');
      const counted = losses.filter((_loss, r) => mask[r]);
      assertClose(counted, golden.rows, 'f32Loss', `rows, ${name}`);
      const loss = weights.reduce((sum, weight, r) => sum + weight * losses[r]!, 0);
      assertClose([loss], [golden.loss], 'f32Loss', `loss, ${name}`);

      for (const [r, weight] of weights.entries()) {
        const gradient = rowOf(outcome.gradient, r, vocab);
        const expected = rowOf(golden.gradient, r, vocab);
        if (!mask[r]) {
          expect(Array.from(gradient), `${name}: masked row ${r}`).toEqual(Array.from(expected));
          continue;
        }
        // Per unit of weight, so that a small reduction hides no error; log-ratios and their f32 rounding are as large as the loss.
        const scale = weight * Math.max(1, losses[r]!);
        assertClose(
          gradient.map(g => g / scale),
          expected.map(g => g / scale),
          'f32Loss',
          `gradient of row ${r}, ${name}`,
        );
      }
    }
  });
});
