import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths } from '../elementwise/launch.ts';
import normCode from './norm.wgsl?raw';
import partialCode from './partial.wgsl?raw';
import totalCode from './total.wgsl?raw';

export interface GradientNormArgs {
  /** [length]: all gradients of a step in one tensor. */
  readonly gradients: Tensor;
  readonly length: number;
  /** Zero or less: no clipping. */
  readonly maxNorm: number;
  /** Scratch of `gradientNormPartialLength` elements, overwritten. */
  readonly partial: Tensor;
  /** Four words, overwritten. */
  readonly result: Tensor;
}

/** `gradientNorm`'s result as read back: the four words that the GPU wrote. */
export interface GradientNormResult {
  readonly norm: number;
  readonly clipScale: number;
  readonly nonFinite: number;
}

const MAX_PARTS = 1_024;
/** Vectors of four that a part has at least: fewer would cost more in the second stage than they save in the first. */
const MIN_PART_VECTORS = 64;
/** {small, large, count, unused} */
const PART_WORDS = 4;

const partialSpec = {
  name: 'gradient-norm-partial',
  code: normCode + partialCode,
  storage: ['read', 'read_write'],
  uniforms: { length: 'u32', parts: 'u32', part_vectors: 'u32' },
} as const satisfies KernelSpec;

const totalSpec = {
  name: 'gradient-norm-total',
  code: normCode + totalCode,
  storage: ['read', 'read_write'],
  uniforms: { parts: 'u32', max_norm: 'f32' },
} as const satisfies KernelSpec;

/**
 * Writes four words to `result`:
 * - [0] f32 norm = sqrt(Σ g²) over the finite elements, finite itself (at most the largest f32);
 * - [1] f32 clip scale = min(1, maxNorm / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_; 1 without clipping; 0 when
 *   an element is not finite, so that no weight can be destroyed through it;
 * - [2] u32 how many elements are infinite or NaN, by their exponent bits;
 * - [3] zero.
 * Sums in f32 over up to 1,024 parts, then over the parts, in an order that depends on `length` and tuning alone: a replay
 * gives the same bits. `adamw` takes `result` as it is; `readGradientNorm` unpacks a readback of it.
 * @throws RangeError when a tensor is too short.
 */
export function gradientNorm(
  encoder: StepEncoder,
  { gradients, length, maxNorm, partial, result }: GradientNormArgs,
): void {
  expectLengths('gradientNorm', [
    [gradients, length],
    [partial, gradientNormPartialLength(length)],
    [result, 4],
  ]);
  const { rowLanes, rowsPerGroup } = encoder.gpu.tuning;
  const { pipelines } = encoder.gpu;
  const { parts, partVectors } = division(length);
  const partKernel = pipelines.kernel(partialSpec, { ROW_LANES: rowLanes, ROWS_PER_GROUP: rowsPerGroup });
  encoder.dispatch(partKernel, {
    uniforms: { length, parts, part_vectors: partVectors },
    storage: [gradients, partial],
    workgroups: [Math.ceil(parts / rowsPerGroup)],
  });
  encoder.dispatch(pipelines.kernel(totalSpec, { ROW_LANES: rowLanes, ROWS_PER_GROUP: 1 }), {
    uniforms: { parts, max_norm: maxNorm },
    storage: [partial, result],
    workgroups: [1],
  });
}

/** Elements of `gradientNorm`'s `partial`; grows with length. */
export function gradientNormPartialLength(length: number): number {
  return PART_WORDS * Math.min(MAX_PARTS, Math.max(1, Math.ceil(length / 4 / MIN_PART_VECTORS)));
}

/** Unpacks the four words of `result`. */
export function readGradientNorm(words: Uint32Array<ArrayBuffer>): GradientNormResult {
  const [norm, clipScale] = new Float32Array(words.buffer, words.byteOffset, 2);
  return { norm: norm!, clipScale: clipScale!, nonFinite: words[2]! };
}

function division(length: number): { parts: number; partVectors: number } {
  const vectors = Math.ceil(length / 4);
  const partVectors = Math.max(MIN_PART_VECTORS, Math.ceil(vectors / MAX_PARTS));
  return { parts: Math.max(1, Math.ceil(vectors / partVectors)), partVectors };
}
