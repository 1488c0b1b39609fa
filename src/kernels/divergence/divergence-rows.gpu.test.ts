import { describe, expect, test } from 'vitest';
import { Gpu } from '../../gpu/gpu.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import type { Tuning } from '../../gpu/tuning.ts';
import { crossEntropy, rowOf } from '../../reference/cross-entropy.ts';
import { divergence } from '../../reference/divergence.ts';
import { policyGradient } from '../../reference/policy-gradient.ts';
import { entropy, logSoftmax } from '../../reference/softmax.ts';
import { assertClose } from '../../testing/compare.ts';
import { requestTestDevice } from '../../testing/gpu-fixture.ts';
import { testRandom } from '../../testing/random.ts';
import { divergenceRows, METRIC, METRIC_COLUMNS } from './divergence-rows.ts';
import { isDivergence, type DivergenceObjective, type Objective } from './objectives.ts';

type Floats = Float32Array<ArrayBuffer>;

interface Rows {
  readonly rows: number;
  readonly vocab: number;
  readonly student: Floats;
  readonly teacher: Floats;
  readonly target: Uint32Array<ArrayBuffer>;
  readonly weight: Floats;
  readonly advantage: Floats;
}

const tunings: Record<string, Tuning> = {
  software: { software: true, rowLanes: 1, rowsPerGroup: 64 },
  hardware: { software: false, rowLanes: 64, rowsPerGroup: 1 },
};

const divergences: readonly DivergenceObjective[] = [
  { kind: 'reverse-kl' },
  { kind: 'forward-kl' },
  ...[0, 0.1, 0.5, 0.9, 1].map(beta => ({ kind: 'jsd', beta }) as const),
];

const gpus = new Map<Tuning, Gpu>();

/** One Gpu a tuning: it keeps the compiled kernels. */
async function gpuOf(tuning: Tuning): Promise<Gpu> {
  const gpu = gpus.get(tuning) ?? new Gpu(await requestTestDevice(), tuning);
  gpus.set(tuning, gpu);
  return gpu;
}

/** Every fourth row is masked. */
function randomRows(rows: number, vocab: number, seed: number): Rows {
  const random = testRandom(seed);
  return {
    rows,
    vocab,
    student: Float32Array.from(random.normals(rows * vocab, 3)),
    teacher: Float32Array.from(random.normals(rows * vocab, 3)),
    target: Uint32Array.from({ length: rows }, () => random.integer(vocab)),
    weight: Float32Array.from({ length: rows }, (_, r) => (r % 4 === 3 ? 0 : 0.25 + random.uniform())),
    advantage: Float32Array.from(random.normals(rows)),
  };
}

interface Outcome {
  readonly gradient: Floats;
  column(name: keyof typeof METRIC): number[];
}

/** Runs rows that belong to tokens 3, 4, …, so that a lost `rowStart` shows. */
async function run(
  tuning: Tuning,
  objective: Objective,
  input: Rows,
  temperature = 1,
  gradient = true,
): Promise<Outcome> {
  const gpu = await gpuOf(tuning);
  const memory = gpu.memory.scope();
  const { rows, vocab } = input;
  const rowStart = 3;
  const upload = (label: string, data: Floats | Uint32Array<ArrayBuffer>, start = 0): Tensor => {
    const tensor = memory.tensor(label, data.length + start, data instanceof Uint32Array ? 'u32' : 'f32');
    gpu.write(tensor, data, start);
    return tensor;
  };
  const studentLogits = upload('student', input.student);
  const metrics = memory.tensor('metrics', (rows + rowStart) * METRIC_COLUMNS);
  const encoder = gpu.encoder();
  divergenceRows(encoder, {
    objective,
    studentLogits,
    ...(isDivergence(objective) && { teacherLogits: upload('teacher', input.teacher) }),
    target: upload('target', input.target, rowStart),
    weight: upload('weight', input.weight, rowStart),
    ...(objective.kind === 'policy-gradient' && {
      advantage: upload('advantage', input.advantage, rowStart),
    }),
    metrics,
    rowStart,
    rows,
    vocab,
    temperature,
    gradient,
  });
  encoder.submit();
  const values = await gpu.readback.f32(metrics);
  const result = await gpu.readback.f32(studentLogits);
  memory.release();
  return {
    gradient: result,
    column: name =>
      Array.from({ length: rows }, (_, r) => values[(r + rowStart) * METRIC_COLUMNS + METRIC[name]]!),
  };
}

function argmax(row: ArrayLike<number>): number {
  return Array.from(row).reduce((best, z, v) => (z > row[best]! ? v : best), 0);
}

/** Checks row by row, because rows with extreme logits would stretch a tolerance over all. */
function check(outcome: Outcome, input: Rows, objective: DivergenceObjective, temperature: number): void {
  const { rows, vocab, student, teacher, target: targets, weight: weights } = input;
  const inputs = { student, teacher, targets, weights, vocab };
  const expected = divergence(inputs, { ...objective, temperature });
  const unscaled = divergence(inputs, { kind: 'reverse-kl' });
  for (let r = 0; r < rows; r++) {
    const one = (name: keyof typeof METRIC): number[] => [outcome.column(name)[r]!];
    const gradient = rowOf(outcome.gradient, r, vocab);
    if (weights[r] === 0) expect(Array.from(gradient)).toEqual(new Array(vocab).fill(0));
    // Log-ratios are as large as the loss, and their f32 rounding with them.
    const scale = Math.max(1, expected.rowLoss[r]!);
    assertClose(
      gradient.map(g => g / scale),
      rowOf(expected.dlogits, r, vocab).map(g => g / scale),
      'f32Loss',
      `gradient of row ${r}`,
    );
    assertClose(one('loss'), [expected.rowLoss[r]!], 'f32Loss', `loss of row ${r}`);
    assertClose(one('reverseKl'), [unscaled.rowLoss[r]!], 'f32Loss', `KL of row ${r}`);
    assertClose(one('studentLogProb'), [expected.studentLogProb[r]!], 'f32Loss', `log p of row ${r}`);
    assertClose(one('teacherLogProb'), [expected.teacherLogProb[r]!], 'f32Loss', `log q of row ${r}`);
    assertClose(one('studentEntropy'), [expected.studentEntropy[r]!], 'f32Loss', `entropy of row ${r}`);
    assertClose(
      one('teacherEntropy'),
      [expected.teacherEntropy[r]!],
      'f32Loss',
      `teacher entropy of row ${r}`,
    );
    const top = argmax(rowOf(student, r, vocab));
    expect(one('studentTopIsTarget')).toEqual([Number(top === targets[r])]);
    expect(one('topAgrees')).toEqual([Number(top === argmax(rowOf(teacher, r, vocab)))]);
  }
}

describe.each(Object.entries(tunings))('%s', (_, tuning) => {
  test.each(divergences)('$kind $beta: loss, metrics and gradient agree with f64', async objective => {
    for (const [rows, vocab] of [
      [1, 1],
      [3, 3],
      [2, 64],
      [65, 331],
      [2, 783],
      [5, 1030],
      [7, 1100],
    ] as const) {
      for (const temperature of [0.7, 1, 1.6]) {
        const input = randomRows(rows, vocab, rows * 10_007 + vocab);
        check(await run(tuning, objective, input, temperature), input, objective, temperature);
      }
    }
  });

  test.each(divergences)('$kind $beta: logits of −1e4 and −1e30 among normal ones', async objective => {
    const input = randomRows(6, 331, 5);
    const lower = (logits: Floats, row: number, to: number, every: number): void => {
      for (let v = 0; v < 331; v++) if (v % every !== 0) logits[row * 331 + v] = to;
    };
    lower(input.student, 0, -1e4, 2);
    lower(input.teacher, 0, -1e4, 2);
    lower(input.student, 1, -1e30, 2);
    lower(input.teacher, 1, -1e30, 2);
    // One side alone: the divergence is as large as the logits say.
    lower(input.teacher, 2, -1e4, 3);
    lower(input.student, 4, -1e30, 3);
    // Nothing but low logits is a distribution all the same.
    for (let i = 5 * 331; i < 6 * 331; i++) input.student[i]! -= 1e4;
    for (const temperature of [0.7, 1]) {
      check(await run(tuning, objective, input, temperature), input, objective, temperature);
    }
  });

  test.each(divergences)(
    '$kind $beta: equal distributions cost nothing and push nowhere',
    async objective => {
      const input = randomRows(9, 783, 11);
      const weight = input.weight.map(() => 1);
      for (const shift of [0, 7.25]) {
        // A constant added to every logit leaves the distribution; here it is exact in f32.
        const student = input.student.map(z => Math.round(z * 1024) / 1024);
        const teacher = student.map(z => z + shift);
        for (const temperature of [0.7, 1, 1.6]) {
          const outcome = await run(tuning, objective, { ...input, student, teacher, weight }, temperature);
          for (const loss of [...outcome.column('loss'), ...outcome.column('reverseKl')])
            expect(Math.abs(loss)).toBeLessThanOrEqual(1e-6);
          expect(Math.max(...outcome.gradient.map(Math.abs))).toBeLessThanOrEqual(1e-7);
          expect(outcome.column('topAgrees')).toEqual(new Array(9).fill(1));
        }
      }
    },
  );

  test('a long vocabulary with a heavy tail keeps its sums', async () => {
    // 50,002 tokens share 1.5 % of the mass behind one that has the rest: one running f32 sum would round them away.
    const vocab = 50_002;
    const input = randomRows(3, vocab, 3);
    for (const logits of [input.student, input.teacher]) {
      for (let i = 0; i < logits.length; i++) logits[i] = i % vocab === 0 ? 15 : logits[i]! / 30;
    }
    check(await run(tuning, { kind: 'reverse-kl' }, input), input, { kind: 'reverse-kl' }, 1);
  });

  test.each(['cross-entropy', 'policy-gradient'] as const)('%s agrees with f64', async kind => {
    for (const [rows, vocab] of [
      [1, 1],
      [3, 3],
      [65, 331],
      [7, 1100],
    ] as const) {
      const input = randomRows(rows, vocab, rows + vocab);
      if (vocab > 3) input.student.fill(-1e30, 7, 300);
      const outcome = await run(tuning, { kind }, input);
      const { student, target, weight, advantage } = input;
      const expected =
        kind === 'cross-entropy'
          ? crossEntropy(student, target, weight, vocab)
          : policyGradient(student, target, advantage, weight, vocab);
      assertClose(outcome.gradient, expected.dlogits, 'f32Sum', 'gradient');
      assertClose(outcome.column('loss'), expected.rowLoss, 'f32Loss', 'loss');
      for (let r = 0; r < rows; r++) {
        const logProbs = logSoftmax(rowOf(student, r, vocab));
        assertClose([outcome.column('studentLogProb')[r]!], [logProbs[target[r]!]!], 'f32Loss', 'log p');
        assertClose([outcome.column('studentEntropy')[r]!], [entropy(logProbs)], 'f32Loss', 'entropy');
        expect(outcome.column('studentTopIsTarget')[r]).toBe(Number(argmax(logProbs) === target[r]));
        if (weight[r] === 0)
          expect(Array.from(rowOf(outcome.gradient, r, vocab))).toEqual(new Array(vocab).fill(0));
      }
      expect(outcome.column('teacherLogProb')).toEqual(new Array(rows).fill(0));
    }
  });

  test('without gradient the logits stay, and a target of a masked row may be anything', async () => {
    const input = randomRows(9, 31, 2);
    input.target[3] = 0xffffffff;
    const outcome = await run(tuning, { kind: 'jsd', beta: 0.3 }, input, 1, false);
    expect(outcome.gradient).toEqual(input.student);
    for (const name of Object.keys(METRIC) as (keyof typeof METRIC)[])
      expect(outcome.column(name).every(Number.isFinite)).toBe(true);
  });

  test('a NaN logit shows in loss and gradient instead of vanishing', async () => {
    const input = randomRows(2, 331, 8);
    input.student[200] = NaN;
    const outcome = await run(tuning, { kind: 'reverse-kl' }, input);
    expect(outcome.column('loss').map(Number.isNaN)).toEqual([true, false]);
    expect(outcome.gradient.subarray(0, 331).every(Number.isNaN)).toBe(true);
    expect(outcome.gradient.subarray(331).every(Number.isFinite)).toBe(true);
  });

  test('settings that would give wrong numbers are refused', async () => {
    const input = randomRows(1, 3, 1);
    await expect(run(tuning, { kind: 'jsd', beta: 1.2 }, input)).rejects.toThrow(RangeError);
    await expect(run(tuning, { kind: 'forward-kl' }, input, 0)).rejects.toThrow(RangeError);
    await expect(run(tuning, { kind: 'cross-entropy' }, input, 0.7)).rejects.toThrow(RangeError);
  });
});

test('more rows than one dimension of workgroups holds', async () => {
  const input = randomRows(65_600, 1, 4);
  const outcome = await run(
    { software: true, rowLanes: 1, rowsPerGroup: 1 },
    { kind: 'policy-gradient' },
    input,
  );
  expect(outcome.column('studentTopIsTarget').every(value => value === 1)).toBe(true);
});
