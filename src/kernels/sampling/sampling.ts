import type { StepEncoder } from '../../gpu/encoder.ts';
import type { Kernel, KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import { expectLengths, spread } from '../elementwise/launch.ts';
import { MAX_END_TOKENS } from './end-tokens.ts';
import philoxCode from './philox.wgsl?raw';
import aloneCode from './lane-alone.wgsl?raw';
import groupCode from './lane-group.wgsl?raw';
import scanCode from './row-scan.wgsl?raw';
import sampleCode from './sample.wgsl?raw';

export interface SampleTokensArgs {
  /** f32 [batch, vocab] */
  readonly logits: Tensor;
  /** u32 [batch]: the token to feed next, overwritten with the drawn one. */
  readonly current: Tensor;
  /** u32 [batch]: incremented. */
  readonly position: Tensor;
  /** u32 [batch]: rows that ended earlier; set to 1 where one of `eos` is drawn. */
  readonly done: Tensor;
  /** u32 [batch, capacity]: column `step` is overwritten, with `pad` in rows that are done. */
  readonly tokens: Tensor;
  /** f32 [batch, capacity]: column `step` of rows that are not done is overwritten. */
  readonly logProbs: Tensor;
  /** f32 [batch, capacity]: column `step` of rows that are not done is overwritten. */
  readonly entropies: Tensor;
  readonly batch: number;
  readonly vocab: number;
  /** Index of this token in its response, below capacity. */
  readonly step: number;
  readonly capacity: number;
  /** Divides the logits; 0 takes the largest one, the lowest id among equals. */
  readonly temperature: number;
  /** Keeps the k largest logits, and those that equal the k-th; 0 keeps all. */
  readonly topK: number;
  /** Of what top-k left, keeps a token while strictly likelier ones have less than this share of the mass; 1 keeps all. */
  readonly topP: number;
  readonly seed: number;
  /** Separates the draws of several uses of one seed, such as training steps. */
  readonly stream: number;
  /** Tokens that end a row, 1 to `MAX_END_TOKENS`. */
  readonly eos: readonly number[];
  /** May be one of `eos`: only a drawn token ends a row. */
  readonly pad: number;
}

const spec = {
  storage: ['read', 'read_write', 'read_write', 'read_write', 'read_write', 'read_write', 'read_write'],
  uniforms: {
    batch: 'u32',
    vocab: 'u32',
    step: 'u32',
    capacity: 'u32',
    greedy: 'u32',
    inverse_temperature: 'f32',
    top_k: 'u32',
    top_p: 'f32',
    seed: 'u32',
    stream: 'u32',
    pad: 'u32',
    eos0: 'u32',
    eos1: 'u32',
    eos2: 'u32',
    eos3: 'u32',
  },
} as const;

/** One row per invocation. */
const aloneSpec = {
  ...spec,
  name: 'sample-tokens-alone',
  code: philoxCode + scanCode + aloneCode + sampleCode,
} satisfies KernelSpec;

/** One row per workgroup. */
const groupSpec = {
  ...spec,
  name: 'sample-tokens-group',
  code: philoxCode + scanCode + groupCode + sampleCode,
} satisfies KernelSpec;

/**
 * Draws one token for each row that is not done, as `sampleToken` of the reference does in f64: temperature, then top-k,
 * then top-p on what top-k left, then inverse CDF in ascending id with
 * u = upper 24 bits of the first word of Philox4x32-10, key (seed, stream), counter (step, row, 0, 0).
 * So a draw depends on nothing but its logits and these four numbers; in f32 it can differ from the reference only where u
 * lies within about 1e-6 of an edge of the CDF, or a filter's limit within as much of a sum.
 *
 * Log-probability and entropy (nats) are those of the whole distribution at temperature 1, whatever the filters.
 * Top-k and top-p are thresholds on the logits' bits, found by bisection: no sort, no scratch; equal logits are kept or
 * dropped together, so no order matters. A row of NaNs still yields an id below vocab.
 * The seven tensors lie in seven buffers.
 * @throws RangeError when a tensor is too short, or an option is outside its range.
 */
export function sampleTokens(encoder: StepEncoder, args: SampleTokensArgs): void {
  const { logits, current, position, done, tokens, logProbs, entropies } = args;
  const { batch, vocab, step, capacity, temperature, topK, topP, seed, stream, eos, pad } = args;
  checkOptions(args);
  expectLengths('sampleTokens', [
    [logits, batch * vocab],
    [current, batch],
    [position, batch],
    [done, batch],
    [tokens, batch * capacity],
    [logProbs, batch * capacity],
    [entropies, batch * capacity],
  ]);
  const [eos0 = 0, eos1 = eos0, eos2 = eos0, eos3 = eos0] = eos;
  const { kernel, rowsPerGroup } = kernelFor(encoder.gpu);
  encoder.dispatch(kernel, {
    uniforms: {
      batch,
      vocab,
      step,
      capacity,
      seed,
      stream,
      pad,
      eos0,
      eos1,
      eos2,
      eos3,
      greedy: Number(temperature === 0),
      // Finite in f32 for every temperature: 1e30 already leaves all mass to the largest logit.
      inverse_temperature: Math.min(1 / temperature, 1e30),
      top_k: topK < vocab ? topK : 0,
      top_p: topP,
    },
    storage: [logits, current, position, done, tokens, logProbs, entropies],
    workgroups: spread(Math.ceil(batch / rowsPerGroup)),
  });
}

/** Rows without lanes go in small groups: a batch of rollouts is a few rows, which all cores should share. */
function kernelFor({ tuning, pipelines }: Gpu): {
  kernel: Kernel<typeof spec.uniforms>;
  rowsPerGroup: number;
} {
  if (tuning.rowLanes > 1)
    return { kernel: pipelines.kernel(groupSpec, { ROW_LANES: tuning.rowLanes }), rowsPerGroup: 1 };
  const rowsPerGroup = 8;
  return { kernel: pipelines.kernel(aloneSpec, { ROWS_PER_GROUP: rowsPerGroup }), rowsPerGroup };
}

function checkOptions({ step, capacity, temperature, topK, topP, eos }: SampleTokensArgs): void {
  const refuse = (option: string, wanted: string): never => {
    throw new RangeError(
      `sampleTokens: ${option} ${wanted}; nothing was sampled. Correct the run's sampling options`,
    );
  };
  if (!(step >= 0 && step < capacity)) refuse(`step ${step}`, `is outside the ${capacity} columns of tokens`);
  if (!(temperature >= 0)) refuse(`temperature ${temperature}`, 'must be 0 (greedy) or more');
  if (!(Number.isInteger(topK) && topK >= 0)) refuse(`topK ${topK}`, 'must be a whole number, 0 for off');
  if (!(topP >= 0 && topP <= 1)) refuse(`topP ${topP}`, 'must lie between 0 and 1, 1 for off');
  if (!(eos.length >= 1 && eos.length <= MAX_END_TOKENS))
    refuse(`eos [${eos.join(', ')}]`, `must name 1 to ${MAX_END_TOKENS} tokens`);
}
