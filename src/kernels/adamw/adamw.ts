import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, vectorGroups } from '../elementwise/launch.ts';
import adamwCode from './adamw.wgsl?raw';

export interface AdamwArgs {
  /** [length], overwritten. */
  readonly parameters: Tensor;
  /** [length] */
  readonly gradients: Tensor;
  /** First moment [length], overwritten; zeros before step 1. */
  readonly m: Tensor;
  /** Second moment [length], overwritten; zeros before step 1. */
  readonly v: Tensor;
  /** The four words that `gradientNorm` wrote for these gradients. */
  readonly clip: Tensor;
  readonly length: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** At least 1e-30, so that it is not zero in f32. */
  readonly epsilon: number;
  /** Decoupled: the parameter shrinks by learningRate · weightDecay before the Adam step. */
  readonly weightDecay: number;
  /** Counts from 1. */
  readonly step: number;
}

const adamwSpec = {
  name: 'adamw',
  code: adamwCode,
  storage: ['read_write', 'read', 'read_write', 'read_write', 'read'],
  uniforms: {
    length: 'u32',
    beta1: 'f32',
    one_minus_beta1: 'f32',
    beta2: 'f32',
    one_minus_beta2: 'f32',
    inverse_root2: 'f32',
    epsilon: 'f32',
    decay: 'f32',
    step_size: 'f32',
  },
} as const satisfies KernelSpec;

/**
 * One step of AdamW (Loshchilov & Hutter 2017) in the arithmetic of torch.optim.AdamW, with g = clip scale · gradient:
 *   m ← β1 m + (1 − β1) g;  v ← β2 v + (1 − β2) g²
 *   θ ← θ (1 − lr · wd) − lr / (1 − β1^step) · m / (sqrt(v) / sqrt(1 − β2^step) + ε)
 * f32 on the GPU; the factors are computed in f64 here. **When `clip` counts elements that are not finite, parameters, m and
 * v stay untouched**, to the bit: the session sees the count at its next readback and stops there. The five tensors lie in
 * five buffers.
 * @throws RangeError when a tensor is too short, step is below 1 or ε is zero in f32.
 */
export function adamw(encoder: StepEncoder, args: AdamwArgs): void {
  const {
    parameters,
    gradients,
    m,
    v,
    clip,
    length,
    learningRate,
    beta1,
    beta2,
    epsilon,
    weightDecay,
    step,
  } = args;
  if (!(step >= 1)) throw new RangeError(`adamw: step ${step} is below 1, which divides by zero`);
  if (!(epsilon >= 1e-30)) throw new RangeError(`adamw: epsilon ${epsilon} is zero in f32; take 1e-8`);
  expectLengths('adamw', [
    [parameters, length],
    [gradients, length],
    [m, length],
    [v, length],
    [clip, 4],
  ]);
  encoder.dispatch(encoder.gpu.pipelines.kernel(adamwSpec), {
    uniforms: {
      length,
      beta1,
      one_minus_beta1: 1 - beta1,
      beta2,
      one_minus_beta2: 1 - beta2,
      inverse_root2: 1 / Math.sqrt(1 - beta2 ** step),
      epsilon,
      decay: 1 - learningRate * weightDecay,
      step_size: learningRate / (1 - beta1 ** step),
    },
    storage: [parameters, gradients, m, v, clip],
    workgroups: vectorGroups(length, encoder.gpu.tuning),
  });
}
