import { describe, expect, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { centralDifference, dot } from '../testing/finite-difference.ts';
import { testRandom } from '../testing/random.ts';
import { embedding, embeddingBackward } from './embedding.ts';
import { linear, linearBackwardBias, linearBackwardInput, linearBackwardWeight } from './linear.ts';
import { lora, loraBackward } from './lora.ts';
import { packSequences } from './packed-batch.ts';
import { rmsNorm, rmsNormBackward } from './rmsnorm.ts';
import { rope, ropeBackward } from './rope.ts';
import { swiglu, swigluBackward } from './swiglu.ts';

describe('packSequences', () => {
  it('lays sequences end to end with positions and bounds', () => {
    const batch = packSequences([[7, 8, 9], [], [4], [5, 6]]);
    expect([...batch.ids]).toEqual([7, 8, 9, 4, 5, 6]);
    expect([...batch.position]).toEqual([0, 1, 2, 0, 0, 1]);
    expect([...batch.seqStart]).toEqual([0, 0, 0, 3, 4, 4]);
    expect([...batch.seqEnd]).toEqual([3, 3, 3, 4, 6, 6]);
  });
});

describe('linear', () => {
  const shape = { rows: 3, inDim: 5, outDim: 4 };

  it('multiplies by the transpose of a row-major [out, in] weight', () => {
    const y = linear([1, 2, 3, 4], [10, 1, 0, 2, 5, 7], { rows: 2, inDim: 2, outDim: 3 }, [0, 100, 0]);
    expect([...y]).toEqual([12, 104, 19, 34, 108, 43]);
  });

  it('has the gradients of finite differences', () => {
    const random = testRandom(1);
    const x = random.normals(15);
    const w = random.normals(20);
    const bias = random.normals(4);
    const dy = random.normals(12);
    const loss = (): number => dot(linear(x, w, shape, bias), dy);
    assertClose(linearBackwardInput(dy, w, shape), centralDifference(loss, x), 'finiteDifference', 'dx');
    assertClose(linearBackwardWeight(dy, x, shape), centralDifference(loss, w), 'finiteDifference', 'dw');
    assertClose(linearBackwardBias(dy, shape), centralDifference(loss, bias), 'finiteDifference', 'dbias');
  });
});

describe('rmsNorm', () => {
  const shape = { rows: 3, dim: 7 };

  it('gives rows of root mean square 1 for unit gain', () => {
    const { y, rstd } = rmsNorm([3, 4], [1, 2], 0, { rows: 1, dim: 2 });
    const scale = 1 / Math.sqrt(12.5);
    assertClose(rstd, [scale], 'referenceIdentity');
    assertClose(y, [3 * scale, 8 * scale], 'referenceIdentity');
  });

  it('has the gradients of finite differences, with an eps that matters', () => {
    const random = testRandom(2);
    const x = random.normals(21, 0.3);
    const gain = random.normals(7);
    const dy = random.normals(21);
    const eps = 0.05;
    const { rstd } = rmsNorm(x, gain, eps, shape);
    const { dx, dgain } = rmsNormBackward(dy, x, gain, rstd, shape);
    const loss = (): number => dot(rmsNorm(x, gain, eps, shape).y, dy);
    assertClose(dx, centralDifference(loss, x), 'finiteDifference', 'dx');
    assertClose(dgain, centralDifference(loss, gain), 'finiteDifference', 'dgain');
  });

  it('stays finite on a row of zeros', () => {
    const { y, rstd } = rmsNorm([0, 0], [1, 1], 1e-5, { rows: 1, dim: 2 });
    expect([...y]).toEqual([0, 0]);
    assertClose(rstd, [1 / Math.sqrt(1e-5)], 'referenceIdentity');
  });
});

describe('rope', () => {
  const shape = { rows: 3, heads: 2, headDim: 6, theta: 100 };
  const position = [0, 1, 17];

  it('pairs a dimension with the one half a head further', () => {
    const y = rope([1, 0, 0, 2], [3], { rows: 1, heads: 1, headDim: 4, theta: 16 });
    // Pair 0 turns by 3 · 16^0, pair 1 by 3 · 16^(−1/2).
    assertClose(y, [Math.cos(3), -2 * Math.sin(0.75), Math.sin(3), 2 * Math.cos(0.75)], 'referenceIdentity');
  });

  it('has the gradient of finite differences, which is the inverse rotation', () => {
    const random = testRandom(3);
    const x = random.normals(36);
    const dy = random.normals(36);
    const dx = ropeBackward(dy, position, shape);
    assertClose(
      dx,
      centralDifference(() => dot(rope(x, position, shape), dy), x),
      'finiteDifference',
    );
    assertClose(rope(dx, position, shape), dy, 'referenceIdentity');
  });
});

describe('swiglu', () => {
  it('has the gradients of finite differences', () => {
    const random = testRandom(4);
    const gate = random.normals(9, 3);
    const up = random.normals(9);
    const dy = random.normals(9);
    const { dgate, dup } = swigluBackward(dy, gate, up);
    const loss = (): number => dot(swiglu(gate, up), dy);
    assertClose(dgate, centralDifference(loss, gate), 'finiteDifference', 'dgate');
    assertClose(dup, centralDifference(loss, up), 'finiteDifference', 'dup');
  });

  it('neither overflows nor underflows into NaN at extreme gates', () => {
    assertClose(swiglu([-1e4, 1e4], [2, 2]), [0, 2e4], 'exact');
    const { dgate } = swigluBackward([1, 1], [-1e4, 1e4], [2, 2]);
    assertClose(dgate, [0, 2], 'exact');
  });
});

describe('embedding', () => {
  it('accumulates the gradient of ids that repeat', () => {
    const random = testRandom(5);
    const table = random.normals(5 * 3);
    const ids = [4, 0, 4, 2];
    const dy = random.normals(4 * 3);
    const dtable = embeddingBackward(dy, ids, { vocab: 5, dim: 3 });
    assertClose(
      dtable,
      centralDifference(() => dot(embedding(table, ids, 3), dy), table),
      'finiteDifference',
    );
  });
});

describe('lora', () => {
  it('has the gradients of finite differences', () => {
    const random = testRandom(6);
    const shape = { rows: 3, inDim: 5, outDim: 4 };
    const a = random.normals(2 * 5);
    const b = random.normals(4 * 2);
    const x = random.normals(15);
    const dy = random.normals(12);
    const pair = { a, b, rank: 2, alpha: 6 };
    const grads = loraBackward(dy, x, lora(x, pair, shape).down, pair, shape);
    const loss = (): number => dot(lora(x, pair, shape).delta, dy);
    assertClose(grads.dx, centralDifference(loss, x), 'finiteDifference', 'dx');
    assertClose(grads.da, centralDifference(loss, a), 'finiteDifference', 'da');
    assertClose(grads.db, centralDifference(loss, b), 'finiteDifference', 'db');
  });
});
