import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../gpu/tensor.ts';
import type { Tuning } from '../../gpu/tuning.ts';
import { crossEntropy } from '../../reference/cross-entropy.ts';
import { divergence } from '../../reference/divergence.ts';
import { linear, linearBackwardInput, linearBackwardWeight } from '../../reference/linear.ts';
import { policyGradient } from '../../reference/policy-gradient.ts';
import { assertClose } from '../../testing/compare.ts';
import { everyDivergence } from '../../testing/divergences.ts';
import { testRandom } from '../../testing/random.ts';
import { divergenceHead } from './divergence-head.ts';
import { headScratch } from './head-chunks.ts';
import { METRIC, METRIC_COLUMNS } from './divergence-rows.ts';
import type { Shaping, TokenObjective } from './objectives.ts';
import { shardRows, wholeTable, type TokenTable } from '../embedding/token-table.ts';
import { gpuOf, tunings, type Floats } from './rows-fixture.ts';

/** Every fifth token is masked. */
function randomBatch(tokens: number, vocab: number, dim: number, teacherDim = dim) {
  const random = testRandom(tokens * 1_000_003 + vocab * 101 + dim);
  const f32 = (count: number, scale = 1): Floats => Float32Array.from(random.normals(count, scale));
  return {
    tokens,
    vocab,
    dim,
    teacherDim,
    studentHidden: f32(tokens * dim),
    teacherHidden: f32(tokens * teacherDim),
    studentHead: f32(vocab * dim, 2 / Math.sqrt(dim)),
    teacherHead: f32(vocab * teacherDim, 2 / Math.sqrt(teacherDim)),
    target: Uint32Array.from({ length: tokens }, () => random.integer(vocab)),
    weight: Float32Array.from({ length: tokens }, (_, t) => (t % 5 === 4 ? 0 : 1 / tokens)),
    advantage: f32(tokens),
    oldLogProb: f32(tokens).map(x => x - 4),
    referenceLogProb: f32(tokens).map(x => x - 4),
    dHead: f32(vocab * dim, 0.01),
  };
}

type Batch = ReturnType<typeof randomBatch>;

interface Run {
  readonly objective: TokenObjective;
  readonly temperature?: number;
  readonly shaping?: Shaping;
  readonly clipRatio?: number;
  readonly anchorWeight?: number;
  /** Gives the teacher by its logits instead of hidden states. */
  readonly external?: boolean;
  readonly budgetBytes?: number;
  readonly gradient?: boolean;
  /** Cuts both heads into shards of 64 tokens: there is no dHead then. */
  readonly sharded?: boolean;
}

async function run(tuning: Tuning, batch: Batch, given: Run) {
  const { objective, temperature, shaping, clipRatio, anchorWeight } = given;
  const { external, budgetBytes, gradient = true, sharded = false } = given;
  const gpu = await gpuOf(tuning);
  const memory = gpu.memory.scope();
  const { tokens, vocab, dim, teacherDim } = batch;
  const upload = (label: string, data: Floats | Uint32Array<ArrayBuffer>): Tensor => {
    const tensor = memory.tensor(label, data.length, data instanceof Uint32Array ? 'u32' : 'f32');
    gpu.write(tensor, data);
    return tensor;
  };
  const table = (name: 'studentHead' | 'teacherHead', width: number): TokenTable => ({
    vocab,
    dim: width,
    shards: shardRows({ vocab, dim: width, dtype: 'f32' }, sharded ? 64 * 4 * width : Infinity).map(
      ({ first, rows }) => ({
        first,
        rows,
        tensor: upload(name, batch[name].slice(first * width, (first + rows) * width)),
      }),
    ),
  });
  const metrics = memory.tensor('metrics', tokens * METRIC_COLUMNS);
  const dHidden = upload('dHidden', new Float32Array(tokens * dim).fill(NaN));
  const dHead = upload('dHead', batch.dHead);
  const advantage = upload('advantage', batch.advantage);
  const scratch = headScratch(memory, {
    tokens,
    vocab,
    dim,
    teacherDim,
    teacher: !external,
    ...(budgetBytes !== undefined && { budgetBytes }),
  });
  const encoder = gpu.encoder();
  divergenceHead(encoder, {
    objective,
    studentHidden: upload('studentHidden', batch.studentHidden),
    studentHead: table('studentHead', dim),
    ...(external
      ? { teacherLogits: upload('teacherLogits', Float32Array.from(teacherLogitsOf(batch))) }
      : {
          teacherHidden: upload('teacherHidden', batch.teacherHidden),
          teacherHead: table('teacherHead', teacherDim),
        }),
    target: upload('target', batch.target),
    weight: upload('weight', batch.weight),
    advantage,
    ...(temperature !== undefined && { temperature }),
    ...(shaping && { shaping }),
    ...((clipRatio !== undefined || anchorWeight !== undefined) && {
      policy: {
        ...(clipRatio !== undefined && {
          proximal: { clipRatio, oldLogProb: upload('old', batch.oldLogProb) },
        }),
        ...(anchorWeight !== undefined && {
          anchor: { weight: anchorWeight, referenceLogProb: upload('reference', batch.referenceLogProb) },
        }),
      },
    }),
    tokens,
    metrics,
    scratch,
    ...(gradient && { dHidden }),
    ...(gradient && !sharded && { dHead }),
  });
  encoder.submit();
  const values = await gpu.readback.f32(metrics);
  const result = {
    rows: scratch.studentLogits.length / vocab,
    column: (name: keyof typeof METRIC): Floats =>
      Float32Array.from(batch.target, (_, t) => values[t * METRIC_COLUMNS + METRIC[name]]!),
    dHidden: await gpu.readback.f32(dHidden),
    dHead: await gpu.readback.f32(dHead),
    advantage: await gpu.readback.f32(advantage),
  };
  memory.release();
  return result;
}

function teacherLogitsOf({ tokens, vocab, teacherDim, teacherHidden, teacherHead }: Batch): Float64Array {
  return linear(teacherHidden, teacherHead, { rows: tokens, inDim: teacherDim, outDim: vocab });
}

function expected(batch: Batch, { objective, temperature = 1, shaping, clipRatio, anchorWeight }: Run) {
  const { tokens: rows, vocab, dim, target, weight, oldLogProb, referenceLogProb } = batch;
  const shape = { rows, inDim: dim, outDim: vocab };
  const student = linear(batch.studentHidden, batch.studentHead, shape);
  const teacher = teacherLogitsOf(batch);
  const inputs = { student, teacher, targets: target, weights: weight, vocab };
  const unscaled = divergence(inputs, { kind: 'reverse-kl' });
  const { rowLoss, dlogits } =
    objective.kind === 'cross-entropy'
      ? crossEntropy(student, target, weight, vocab)
      : objective.kind === 'policy-gradient'
        ? policyGradient(student, target, batch.advantage, weight, vocab, {
            ...(clipRatio !== undefined && { proximal: { clipRatio, oldLogProb } }),
            ...(anchorWeight !== undefined && { anchor: { weight: anchorWeight, referenceLogProb } }),
          })
        : divergence(inputs, { ...objective, ...shaping, temperature });
  const dHead = linearBackwardWeight(dlogits, batch.studentHidden, shape);
  return {
    ...unscaled,
    rowLoss,
    dHidden: linearBackwardInput(dlogits, batch.studentHead, shape),
    dHead: dHead.map((value, i) => value + batch.dHead[i]!),
  };
}

const objectives: readonly Run[] = [
  ...everyDivergence(0.1).map(objective => ({ objective })),
  { objective: { kind: 'reverse-kl' }, temperature: 1.6 },
  { objective: { kind: 'forward-kl' }, temperature: 0.7 },
  { objective: { kind: 'skew-forward', lambda: 0.1 }, temperature: 1.6 },
  { objective: { kind: 'reverse-kl' }, shaping: { topK: 20, tokenClip: 4 } },
  { objective: { kind: 'forward-kl' }, shaping: { topK: 3 }, external: true },
  { objective: { kind: 'cross-entropy' } },
  { objective: { kind: 'policy-gradient' } },
  { objective: { kind: 'policy-gradient' }, clipRatio: 0.2, anchorWeight: 0.1 },
];

describe.each(Object.entries(tunings))('%s', (_, tuning) => {
  test.each(objectives)('$objective.kind: metrics, dHidden and dHead agree with f64', async spec => {
    for (const [tokens, vocab, dim, rows, teacherDim] of [
      [1, 1, 1, 64, 1],
      [7, 331, 17, 64, 9],
      [65, 96, 24, 16, 40],
      [33, 783, 32, 8, 32],
    ] as const) {
      const batch = randomBatch(tokens, vocab, dim, teacherDim);
      const budgetBytes = (spec.external ? 1 : 2) * 4 * vocab * rows;
      const actual = await run(tuning, batch, { ...spec, budgetBytes });
      expect(actual.rows).toBe(Math.min(rows, tokens));
      const wanted = expected(batch, spec);
      assertClose(actual.column('loss'), wanted.rowLoss, 'f32Decoder', 'loss');
      assertClose(actual.column('studentLogProb'), wanted.studentLogProb, 'f32Loss', 'log p');
      assertClose(actual.column('studentEntropy'), wanted.studentEntropy, 'f32Loss', 'entropy');
      assertClose(actual.dHidden, wanted.dHidden, 'f32Decoder', 'dHidden');
      assertClose(actual.dHead, wanted.dHead, 'f32Decoder', 'dHead');
      expect(actual.advantage).toEqual(batch.advantage);
      if (spec.objective.kind === 'cross-entropy' || spec.objective.kind === 'policy-gradient') continue;
      assertClose(actual.column('teacherLogProb'), wanted.teacherLogProb, 'f32Loss', 'log q');
      const unscaled = expected(batch, { objective: { kind: 'reverse-kl' } });
      assertClose(actual.column('reverseKl'), unscaled.rowLoss, 'f32Loss', 'KL');
    }
  });

  test.each(objectives)('$objective.kind: chunks change nothing', async spec => {
    const batch = randomBatch(100, 331, 24);
    const whole = await run(tuning, batch, spec);
    const budgetBytes = (spec.external ? 1 : 2) * 4 * 331 * 24;
    const chunked = await run(tuning, batch, { ...spec, budgetBytes });
    expect([whole.rows, chunked.rows]).toEqual([100, 24]);
    for (const name of Object.keys(METRIC) as (keyof typeof METRIC)[])
      assertClose(chunked.column(name), whole.column(name), 'f32Loss', name);
    assertClose(chunked.dHidden, whole.dHidden, 'f32Sum', 'dHidden');
    assertClose(chunked.dHead, whole.dHead, 'f32Sum', 'dHead');
  });

  test('without gradients there are metrics alone', async () => {
    const batch = randomBatch(9, 331, 24);
    for (const spec of objectives) {
      const actual = await run(tuning, batch, { ...spec, gradient: false });
      assertClose(actual.column('loss'), expected(batch, spec).rowLoss, 'f32Decoder', spec.objective.kind);
      expect(actual.dHead).toEqual(batch.dHead);
    }
  });
});

test('49,152 entries within 2 MiB of logits', async () => {
  const batch = randomBatch(9, 49_152, 16);
  const tuning = tunings['hardware']!;
  const actual = await run(tuning, batch, { objective: { kind: 'forward-kl' }, budgetBytes: 2 * 2 ** 20 });
  expect(actual.rows).toBe(4);
  const wanted = expected(batch, { objective: { kind: 'forward-kl' } });
  assertClose(actual.column('loss'), wanted.rowLoss, 'f32Loss', 'loss');
  assertClose(actual.column('teacherEntropy'), wanted.teacherEntropy, 'f32Loss', 'teacher entropy');
  assertClose(actual.dHidden, wanted.dHidden, 'f32Decoder', 'dHidden');
  assertClose(actual.dHead, wanted.dHead, 'f32Decoder', 'dHead');
});

test.each(Object.entries(tunings))('heads in shards teach as whole ones do, on %s', async (_, tuning) => {
  const batch = randomBatch(9, 332, 20, 12);
  const given: Run = { objective: { kind: 'reverse-kl' }, sharded: true, budgetBytes: 2 * 4 * 332 * 4 * 16 };
  const actual = await run(tuning, batch, given);
  const wanted = expected(batch, given);
  assertClose(actual.column('loss'), wanted.rowLoss, 'f32Loss', 'loss');
  assertClose(actual.column('teacherEntropy'), wanted.teacherEntropy, 'f32Loss', 'teacher entropy');
  assertClose(actual.dHidden, wanted.dHidden, 'f32Decoder', 'dHidden');
});

test('missing and short tensors are refused before anything is dispatched', async () => {
  const gpu = await gpuOf(tunings['software']!);
  const memory = gpu.memory.scope();
  const tensor = (length: number): Tensor => memory.tensor('tensor', length);
  const head = (dim: number, vocab = 10): TokenTable => wholeTable(tensor(vocab * dim), vocab, dim);
  const encoder = gpu.encoder();
  const args = {
    studentHidden: tensor(128),
    studentHead: head(64),
    target: tensor(2),
    weight: tensor(2),
    metrics: tensor(16),
    scratch: { studentLogits: tensor(20) },
    tokens: 2,
  };
  expect(() => divergenceHead(encoder, { ...args, objective: { kind: 'jsd', beta: 0.5 } })).toThrow(
    `'jsd' needs 'scratch.teacherLogits'`,
  );
  expect(() => divergenceHead(encoder, { ...args, objective: { kind: 'policy-gradient' } })).toThrow(
    `'policy-gradient' needs 'advantage'`,
  );
  const objective = { kind: 'cross-entropy' } as const;
  expect(() => divergenceHead(encoder, { ...args, objective, metrics: tensor(15) })).toThrow(RangeError);
  expect(() =>
    divergenceHead(encoder, { ...args, objective, scratch: { studentLogits: tensor(9) } }),
  ).toThrow('holds the logits of 0 tokens');
  const teacher = { teacherHidden: tensor(128), teacherHead: head(64), teacherLogits: tensor(20) };
  const kl = { kind: 'reverse-kl' } as const;
  const room = { studentLogits: tensor(20), teacherLogits: tensor(20) };
  const refuses = (more: object, message: string): void =>
    expect(() => divergenceHead(encoder, { ...args, scratch: room, objective: kl, ...more })).toThrow(
      message,
    );
  refuses(teacher, 'a teacher is given twice');
  refuses({ teacherLogits: tensor(20), teacherHead: head(64) }, 'a teacher is given twice');
  refuses({}, "'reverse-kl' needs 'teacherHidden' or 'teacherLogits'");
  refuses({ teacherHidden: tensor(128) }, "'reverse-kl' needs 'teacherHead'");
  refuses({ teacherLogits: tensor(19) }, 'has 19 elements, 20 are needed');
  const { teacherHidden, teacherHead } = teacher;
  refuses({ teacherHidden, teacherHead: head(96) }, 'has 128 elements, 192 are needed');
  refuses({ teacherHidden, teacherHead: head(64, 11) }, 'the teacher has 11 tokens, the student 10');
  refuses({ objective, studentHead: wholeTable(tensor(639), 10, 64) }, 'has 639 elements, 640 are needed');
  const stored = wholeTable({ ...tensor(640), dtype: 'f16' }, 10, 64);
  refuses(
    { ...teacher, teacherLogits: undefined, studentHead: stored, dHead: tensor(640) },
    'has no gradient',
  );
  const advantage = tensor(2);
  refuses(
    {
      ...args,
      teacherHidden,
      teacherHead,
      advantage,
      objective: { kind: 'policy-gradient' },
      shaping: { topK: 3 },
    },
    "topK 3: 'policy-gradient' has no such option",
  );
  const proximal = { clipRatio: 0.2, oldLogProb: tensor(1) };
  refuses({ advantage, objective: { kind: 'policy-gradient' }, policy: { proximal } }, 'has 1 elements');
  expect(encoder.dispatches).toBe(0);
  memory.release();
});
