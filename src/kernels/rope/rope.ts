import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, GROUP, spread } from '../elementwise/launch.ts';
import code from './rope.wgsl?raw';

export interface RopeArgs {
  /** [rows, heads, headDim] f32; rotated in place. */
  readonly x: Tensor;
  /** u32 [rows]: index of each token in its sequence. */
  readonly position: Tensor;
  /** f32 [headDim / 2] in radians a position: `inverseFrequencies`, or these rescaled. Non-negative and below 2^22. */
  readonly inverseFrequencies: Tensor;
  readonly rows: number;
  readonly heads: number;
  /** Even. */
  readonly headDim: number;
  /** Rotates by the negative angles: the backward. */
  readonly inverse?: boolean;
}

const uniforms = { rows: 'u32', heads: 'u32', headDim: 'u32', direction: 'f32' } as const;

const spec: KernelSpec<typeof uniforms> = {
  name: 'rope',
  code,
  storage: ['read', 'read', 'read_write'],
  uniforms,
};

/**
 * Rotary position embedding (Su et al. 2021) in the half-split layout of Hugging Face's Llama: of each head, the pair
 * (x[i], x[i + headDim/2]) is rotated by position · inverseFrequencies[i]. Overwrites x. A rotation's transpose is its inverse, so
 * backward is the same call on the gradient with `inverse`. Angles are reduced exactly in fixed point: the error of an element
 * is a few f32 roundings at any u32 position, however accurate the adapter's sin and cos are.
 * @throws RangeError for an odd headDim or a tensor that is too short.
 */
export function rope(encoder: StepEncoder, args: RopeArgs): void {
  const { x, position, inverseFrequencies: frequencies, rows, heads, headDim, inverse = false } = args;
  if (headDim % 2 !== 0)
    throw new RangeError(`E_ROPE_HEAD_DIM: rope turns pairs, so headDim must be even; it is ${headDim}`);
  expectLengths('rope', [
    [x, rows * heads * headDim],
    [position, rows],
    [frequencies, headDim / 2],
  ]);
  encoder.dispatch(encoder.gpu.pipelines.kernel(spec), {
    uniforms: { rows, heads, headDim, direction: inverse ? -1 : 1 },
    storage: [position, frequencies, x],
    workgroups: spread(Math.ceil((rows * headDim) / 2 / GROUP)),
  });
}
