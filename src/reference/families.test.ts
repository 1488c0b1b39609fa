import { beforeAll, describe, expect, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import {
  FAMILY_GOLDENS,
  familyReference,
  loadFamilyGolden,
  type FamilyGolden,
} from '../testing/family-golden.ts';
import { decoderBackward } from './decoder-backward.ts';
import { decoderForward } from './decoder-forward.ts';
import type { DecoderModel } from './decoder.ts';
import { divergence } from './divergence.ts';
import { packSequences, predictingRows } from './packed-batch.ts';

/** Mean reverse KL of a student to the bare model with the longer prompt, and every gradient. */
function distil(golden: FamilyGolden, student: DecoderModel) {
  const { student: own, teacher: instructed, response } = golden.cases;
  const lengths = response.map(({ length }) => length);
  const teacher = decoderForward(
    familyReference(golden, { adapted: false }),
    packSequences(instructed),
    predictingRows(instructed, lengths),
  );
  const forward = decoderForward(student, packSequences(own), predictingRows(own, lengths));
  const targets = Uint32Array.from(response.flat());
  const { loss, dlogits } = divergence(
    {
      student: forward.logits,
      teacher: teacher.logits,
      targets,
      vocab: golden.config.vocab,
      weights: new Float64Array(targets.length).fill(1 / targets.length),
    },
    { kind: 'reverse-kl' },
  );
  return { loss, gradients: decoderBackward(student, forward, dlogits) };
}

describe.each(FAMILY_GOLDENS)('reference against transformers: %s', name => {
  let golden: FamilyGolden;
  beforeAll(async () => {
    golden = await loadFamilyGolden(name);
  });

  it('gives the logits of every token', () => {
    const batch = packSequences(golden.cases.student);
    const rows = batch.ids.map((_, row) => row);
    const { logits } = decoderForward(familyReference(golden, { adapted: false }), batch, rows);
    assertClose(logits, golden.logits, 'goldenFamily');
  });

  it('gives the loss, and the gradient of every bias and gain', () => {
    const { loss, gradients } = distil(golden, familyReference(golden, { adapted: false }));
    assertClose([loss], [golden.cases.loss], 'goldenFamily', 'loss');
    const vectors = [...golden.weights].filter(([, { shape }]) => shape.length === 1);
    expect(vectors.length).toBeGreaterThan(0);
    for (const [vector] of vectors)
      assertClose(gradients.get(vector)!, golden.gradients.get(vector)!.data, 'goldenFamily', vector);
  });

  it('gives loss and every gradient of the adapter', () => {
    const { loss, gradients } = distil(golden, familyReference(golden, { adapted: true }));
    assertClose([loss], [golden.cases.adapter.loss], 'goldenFamily', 'loss');
    expect(golden.adapter.size).toBe(2 * 7 * golden.config.layers);
    for (const [matrix, { data }] of [...golden.gradients].filter(([key]) => golden.adapter.has(key)))
      assertClose(gradients.get(matrix)!, data, 'goldenFamily', matrix);
  });
});
