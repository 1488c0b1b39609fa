import { describe, expect, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { everyDivergence } from '../testing/divergences.ts';
import { centralDifference } from '../testing/finite-difference.ts';
import { testRandom } from '../testing/random.ts';
import { divergence } from './divergence.ts';
import { topIds } from './teacher-support.ts';

it('the largest come first, the lowest id first among equals', () => {
  expect(topIds([1, 3, 2, 3, 3], 2)).toEqual([1, 3]);
  expect(topIds([1, 3, 2, 3, 3], 4)).toEqual([1, 3, 4, 2]);
  expect(topIds([-0, 0, 0], 2)).toEqual([0, 1]);
});

describe.each(everyDivergence(0.3))('$kind on the teacher’s top tokens', member => {
  const vocab = 7;
  const random = testRandom(17);
  const teacher = random.normals(3 * vocab, 2);
  // Two equal logits at the edge of the top three of the first row.
  teacher.set([9, 1, 8, 5, 5, 0, 2]);
  const inputs = {
    teacher,
    vocab,
    student: random.normals(3 * vocab, 2),
    targets: [3, 0, 6],
    weights: [0.5, 0, 2],
  };
  const run = (options: { readonly topK?: number; readonly tokenClip?: number }) =>
    divergence(inputs, { ...member, temperature: 1.3, ...options });

  it.each([1, 3, 6])('has the gradient of finite differences with K = %i', topK => {
    assertClose(
      run({ topK }).dlogits,
      centralDifference(() => run({ topK }).loss, inputs.student),
      'finiteDifference',
    );
  });

  it('is that of the whole vocabulary where the bucket holds one token or none', () => {
    for (const topK of [vocab - 1, vocab, vocab + 5]) {
      assertClose(run({ topK }).rowLoss, run({}).rowLoss, 'referenceIdentity');
      assertClose(run({ topK }).dlogits, run({}).dlogits, 'referenceIdentity');
    }
  });

  it('is never above that of the whole vocabulary, and rises with K', () => {
    for (let row = 0; row < 3; row++)
      for (let topK = 1; topK < vocab; topK++)
        expect(run({ topK }).rowLoss[row]).toBeLessThanOrEqual(run({ topK: topK + 1 }).rowLoss[row]! + 1e-15);
  });

  it('has at K = 1 the value of two outcomes', () => {
    const [z, w] = [Math.log(3), Math.log(2)];
    const pair = { targets: [0], weights: [1], student: [z, 0], teacher: [w, 0], vocab: 2 };
    // Student 3/5 against 2/5 in four parts, teacher 2/3 against 1/3 in four parts: bucketed they are the pair's outcomes.
    const split = {
      targets: [0],
      weights: [1],
      vocab: 5,
      student: [z, ...[0.1, 0.2, 0.3, 0.4].map(Math.log)],
      teacher: [w, ...[0.4, 0.1, 0.2, 0.3].map(Math.log)],
    };
    const whole = divergence(pair, member);
    const bucket = divergence(split, { ...member, topK: 1 });
    assertClose(bucket.rowLoss, whole.rowLoss, 'referenceIdentity');
    const rest = whole.dlogits[1]!;
    assertClose(
      bucket.dlogits,
      [whole.dlogits[0]!, 0.1 * rest, 0.2 * rest, 0.3 * rest, 0.4 * rest],
      'referenceIdentity',
    );
  });

  it('is clipped above c without gradient, and untouched at or below it', () => {
    const plain = run({});
    const [least, middle] = [...plain.rowLoss].sort((a, b) => a - b);
    const clip = (least! + middle!) / 2;
    const clipped = run({ tokenClip: clip });
    for (let row = 0; row < 3; row++) {
      const over = plain.rowLoss[row]! > clip;
      expect(clipped.rowLoss[row]).toBe(over ? clip : plain.rowLoss[row]);
      const slice = (values: Float64Array) => values.slice(row * vocab, (row + 1) * vocab);
      assertClose(slice(clipped.dlogits), over ? new Float64Array(vocab) : slice(plain.dlogits), 'exact');
    }
    assertClose(
      clipped.dlogits,
      centralDifference(() => run({ tokenClip: clip }).loss, inputs.student),
      'finiteDifference',
    );
    assertClose(run({ tokenClip: 1e9 }).dlogits, plain.dlogits, 'exact');
  });
});
