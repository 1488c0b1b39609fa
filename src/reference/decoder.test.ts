import { describe, expect, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { centralDifference, dot } from '../testing/finite-difference.ts';
import { testRandom } from '../testing/random.ts';
import { tinyAdapter, tinyModel, type TinyVariant } from '../testing/tiny-decoder.ts';
import { decoderBackward } from './decoder-backward.ts';
import { decoderForward } from './decoder-forward.ts';
import type { DecoderModel } from './decoder.ts';
import { packSequences, predictingRows } from './packed-batch.ts';

const sequences = [[1, 4, 2, 0, 4], [3], [2, 2, 6]];
const batch = packSequences(sequences);
// The lone token of the middle sequence is no row: it takes part in the batch, not in the loss.
const rows = predictingRows(sequences, [3, 0, 2]);

const variants: [string, TinyVariant][] = [
  ['tied', {}],
  ['untied with attention bias', { tied: false, attentionBias: true }],
  ['with q/k-norm', { headNorm: true }],
];

describe.each(variants)('decoder %s', (_name, variant) => {
  it('has the gradients of finite differences for every tensor, adapter included', () => {
    const base = tinyModel(variant, 51);
    const model: DecoderModel = { ...base, adapter: tinyAdapter(base.config, 52) };
    const forward = decoderForward(model, batch, rows);
    const dlogits = testRandom(53).normals(forward.logits.length);
    const gradients = decoderBackward(model, forward, dlogits);
    const tensors = [...base.parameters, ...model.adapter!.matrices] as [string, Float64Array][];
    expect([...gradients.keys()].sort()).toEqual(tensors.map(([name]) => name).sort());
    for (const [name, tensor] of tensors) {
      // A stride of 3 passes over every row and column, of these odd sizes, within a few rows.
      const some = Array.from({ length: Math.ceil(tensor.length / 3) }, (_, n) => 3 * n);
      const expected = centralDifference(
        () => dot(decoderForward(model, batch, rows).logits, dlogits),
        tensor,
        some,
      );
      const actual = some.map(i => gradients.get(name)![i]!);
      assertClose(actual, expected, 'finiteDifference', name);
    }
  });
});

describe('decoder', () => {
  it('gives a sequence the same logits packed as alone', () => {
    const model = tinyModel({}, 54);
    const packed = decoderForward(model, batch, rows).logits;
    const alone = decoderForward(model, packSequences([sequences[2]!]), [0, 1]).logits;
    assertClose(packed.slice(-alone.length), alone, 'exact');
  });

  it('names the tensor that is missing', () => {
    const model = tinyModel({}, 55);
    const parameters = new Map(model.parameters);
    parameters.delete('model.layers.1.mlp.up_proj.weight');
    expect(() => decoderForward({ ...model, parameters }, batch, rows)).toThrow(
      /"model.layers.1.mlp.up_proj.weight" is missing/,
    );
  });
});
