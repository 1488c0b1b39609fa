import { METRIC, METRIC_COLUMNS } from '../../src/kernels/divergence/divergence-rows.ts';
import { divergence } from '../../src/reference/divergence.ts';
import { linear, linearBackwardInput, linearBackwardWeight } from '../../src/reference/linear.ts';
import { compare } from '../../src/testing/compare.ts';
import type { Rng } from '../../src/world/rng.ts';
import { normalFrom } from '../../src/model/random.ts';

type Floats = Float32Array<ArrayBuffer>;

export interface HeadInputs {
  readonly vocab: number;
  readonly dim: number;
  /** [tokens, dim] */
  readonly studentHidden: Floats;
  readonly teacherHidden: Floats;
  /** [vocab, dim] */
  readonly studentHead: Floats;
  readonly teacherHead: Floats;
  readonly target: Uint32Array<ArrayBuffer>;
  /** 0 but for the tokens of the sample. */
  readonly weight: Floats;
}

/** Random inputs; only the tokens in `sample` have a weight in the loss. */
export function headInputs(
  shape: { readonly vocab: number; readonly dim: number; readonly tokens: number },
  sample: readonly number[],
  rng: Rng,
): HeadInputs {
  const { vocab, dim, tokens } = shape;
  const normal = normalFrom(() => rng.float());
  const normals = (count: number, scale: number): Floats =>
    Float32Array.from({ length: count }, () => scale * normal());
  const weight = new Float32Array(tokens);
  for (const token of sample) weight[token] = 1 / sample.length;
  return {
    vocab,
    dim,
    weight,
    studentHidden: normals(tokens * dim, 1),
    teacherHidden: normals(tokens * dim, 1),
    studentHead: normals(vocab * dim, 2 / Math.sqrt(dim)),
    teacherHead: normals(vocab * dim, 2 / Math.sqrt(dim)),
    target: Uint32Array.from({ length: tokens }, () => rng.int(vocab)),
  };
}

/** What the head wrote, read back. */
export interface HeadOutputs {
  readonly metrics: Floats;
  readonly dHidden: Floats;
  readonly dHead: Floats;
}

/**
 * Compares reverse KL and gradient with the f64 reference: the loss and dHidden of the sample's tokens, and all of dHead, which
 * comes from them alone.
 * @returns the largest error as a share of what the table of tolerances allows.
 * @throws Error naming the tensor and the worst element where one leaves its tolerance.
 */
export function headError(inputs: HeadInputs, sample: readonly number[], outputs: HeadOutputs): number {
  const { vocab, dim, studentHead, teacherHead, target, weight } = inputs;
  const shape = { rows: sample.length, inDim: dim, outDim: vocab };
  const picked = (values: Floats, width: number): Floats =>
    Float32Array.from(sample.flatMap(token => [...values.subarray(token * width, (token + 1) * width)]));
  const hidden = picked(inputs.studentHidden, dim);
  const expected = divergence(
    {
      student: linear(hidden, studentHead, shape),
      teacher: linear(picked(inputs.teacherHidden, dim), teacherHead, shape),
      targets: sample.map(token => target[token]!),
      weights: sample.map(token => weight[token]!),
      vocab,
    },
    { kind: 'reverse-kl' },
  );
  const dHidden = linearBackwardInput(expected.dlogits, studentHead, shape);
  const dHead = linearBackwardWeight(expected.dlogits, hidden, shape);
  const loss = sample.map(token => outputs.metrics[token * METRIC_COLUMNS + METRIC.loss]!);
  const comparisons = [
    compare(loss, expected.rowLoss, 'f32Loss', 'loss'),
    compare(picked(outputs.dHidden, dim), dHidden, 'f32Decoder', 'dHidden'),
    compare(outputs.dHead, dHead, 'f32Decoder', 'dHead'),
  ];
  for (const { ok, message } of comparisons)
    if (!ok) throw new Error(`The head with ${vocab} entries is wrong, so it was not measured. ${message}`);
  return Math.max(...comparisons.map(({ worstRatio }) => worstRatio));
}
