import { describe, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { centralDifference, dot } from '../testing/finite-difference.ts';
import { testRandom } from '../testing/random.ts';
import { attention, attentionBackward } from './attention.ts';
import { packSequences } from './packed-batch.ts';

const sequences = [[0, 0, 0], [0], [0, 0, 0, 0]];
const { seqStart } = packSequences(sequences);

describe.each([
  { heads: 4, kvHeads: 2, headDim: 3 },
  { heads: 3, kvHeads: 1, headDim: 2 },
  { heads: 2, kvHeads: 2, headDim: 2 },
])('attention with $heads heads over $kvHeads', heads => {
  const shape = { tokens: 8, ...heads };
  const random = testRandom(11);
  const q = random.normals(8 * heads.heads * heads.headDim);
  const k = random.normals(8 * heads.kvHeads * heads.headDim);
  const v = random.normals(8 * heads.kvHeads * heads.headDim);
  const inputs = { q, k, v, seqStart };

  it('has the gradients of finite differences', () => {
    const dout = random.normals(q.length);
    const { dq, dk, dv } = attentionBackward(dout, inputs, attention(inputs, shape), shape);
    const loss = (): number => dot(attention(inputs, shape).out, dout);
    assertClose(dq, centralDifference(loss, q), 'finiteDifference', 'dq');
    assertClose(dk, centralDifference(loss, k), 'finiteDifference', 'dk');
    assertClose(dv, centralDifference(loss, v), 'finiteDifference', 'dv');
  });

  it('gives each sequence what it gets alone', () => {
    const { out, lse } = attention(inputs, shape);
    const part = (x: Float64Array, width: number): Float64Array => x.slice(4 * width, 8 * width);
    const kv = heads.kvHeads * heads.headDim;
    const alone = attention(
      { q: part(q, heads.heads * heads.headDim), k: part(k, kv), v: part(v, kv), seqStart: [0, 0, 0, 0] },
      { ...shape, tokens: 4 },
    );
    assertClose(part(out, heads.heads * heads.headDim), alone.out, 'exact');
    assertClose(part(lse, heads.heads), alone.lse, 'exact');
  });
});

describe('attention', () => {
  it('weighs the values by the softmax of scaled scores', () => {
    const { out, lse } = attention(
      { q: [0, 0, 2, 0], k: [3, 1, 5, 1], v: [1, 10, 2, 20], seqStart: [0, 0] },
      { tokens: 2, heads: 1, kvHeads: 1, headDim: 2 },
    );
    const first = Math.exp(6 / Math.SQRT2);
    const second = Math.exp(10 / Math.SQRT2);
    const p = second / (first + second);
    assertClose(out, [1, 10, 1 + p, 10 + 10 * p], 'referenceIdentity');
    assertClose(lse, [0, Math.log(first + second)], 'referenceIdentity');
  });

  it('survives scores far beyond the range of exp', () => {
    const { out, lse } = attention(
      { q: [1e3, 1e3], k: [-4, 2], v: [5, 7], seqStart: [0, 0] },
      { tokens: 2, heads: 1, kvHeads: 1, headDim: 1 },
    );
    assertClose(out, [5, 7], 'exact');
    assertClose(lse, [-4e3, 2e3], 'exact');
  });
});
