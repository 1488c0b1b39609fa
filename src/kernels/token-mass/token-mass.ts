import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, spread } from '../elementwise/launch.ts';
import code from './token-mass.wgsl?raw';

export interface TokenMassArgs {
  /** [rows, vocab]; finite and above −1e37. */
  readonly logits: Tensor;
  /** R as a mask, u32 [vocab]: not 0 for the tokens of the set. */
  readonly member: Tensor;
  /** [rows], overwritten: Σ_{v∈R} softmax(logits[row])_v. */
  readonly mass: Tensor;
  /** [rows], overwritten: log(mass / (1 − mass)). */
  readonly logOdds: Tensor;
  readonly rows: number;
  readonly vocab: number;
}

const uniforms = { rows: 'u32', vocab: 'u32' } as const;

const spec: KernelSpec<typeof uniforms> = {
  name: 'token-mass',
  code,
  storage: ['read', 'read', 'read_write', 'read_write'],
  uniforms,
};

/**
 * Probability that the next token is one of a set R, and its log-odds, from rows of logits:
 * logOdds = LSE_{v∈R} z_v − LSE_{v∉R} z_v, each log-sum-exp relative to its own largest logit, so that both keep their digits where
 * the mass rounds to 0 or 1. f32 sums in two levels, in an order that the tuning alone decides. A set without tokens gives mass 0
 * and log-odds −3e38, a set of all tokens 1 and 3e38. Overwrites mass and logOdds, which lie in buffers of their own.
 * @throws RangeError when a tensor is too short.
 */
export function tokenMass(encoder: StepEncoder, args: TokenMassArgs): void {
  const { logits, member, mass, logOdds, rows, vocab } = args;
  expectLengths('tokenMass', [
    [logits, rows * vocab],
    [member, vocab],
    [mass, rows],
    [logOdds, rows],
  ]);
  const { rowLanes, rowsPerGroup } = encoder.gpu.tuning;
  const kernel = encoder.gpu.pipelines.kernel(spec, { ROW_LANES: rowLanes, ROWS_PER_GROUP: rowsPerGroup });
  encoder.dispatch(kernel, {
    uniforms: { rows, vocab },
    storage: [logits, member, mass, logOdds],
    workgroups: spread(Math.ceil(rows / rowsPerGroup)),
  });
}
