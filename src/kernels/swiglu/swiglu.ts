import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, vectorGroups } from '../elementwise/launch.ts';
import sigmoidCode from './sigmoid.wgsl?raw';
import backwardCode from './swiglu-backward.wgsl?raw';
import forwardCode from './swiglu.wgsl?raw';

export interface SwigluForwardArgs {
  /** [rows, dim] */
  readonly gate: Tensor;
  /** [rows, dim] */
  readonly up: Tensor;
  /** [rows, dim], overwritten; in another buffer than gate and up. */
  readonly out: Tensor;
  readonly rows: number;
  readonly dim: number;
}

export interface SwigluBackwardArgs {
  /** [rows, dim], overwritten with its own gradient. */
  readonly gate: Tensor;
  /** [rows, dim], overwritten with its own gradient. */
  readonly up: Tensor;
  /** [rows, dim], in another buffer than gate and up. */
  readonly dOut: Tensor;
  readonly rows: number;
  readonly dim: number;
}

const uniforms = { length: 'u32' } as const;

const forwardSpec: KernelSpec<typeof uniforms> = {
  name: 'swiglu-forward',
  code: sigmoidCode + forwardCode,
  storage: ['read', 'read', 'read_write'],
  uniforms,
};

const backwardSpec: KernelSpec<typeof uniforms> = {
  name: 'swiglu-backward',
  code: sigmoidCode + backwardCode,
  storage: ['read_write', 'read_write', 'read'],
  uniforms,
};

/**
 * out = silu(gate) · up element by element, silu(g) = g · sigmoid(g) (Shazeer 2020). f32; finite for every finite gate.
 * @throws RangeError when a tensor is too short.
 */
export function swigluForward(encoder: StepEncoder, { gate, up, out, rows, dim }: SwigluForwardArgs): void {
  run(encoder, forwardSpec, [gate, up, out], rows * dim);
}

/**
 * In place: gate ← dOut · up · s (1 + gate (1 − s)) and up ← dOut · gate · s with s = sigmoid(gate), both right-hand
 * sides from the values before. Afterwards the activations are gone; `gate` is dGate and `up` is dUp.
 * @throws RangeError when a tensor is too short.
 */
export function swigluBackward(
  encoder: StepEncoder,
  { gate, up, dOut, rows, dim }: SwigluBackwardArgs,
): void {
  run(encoder, backwardSpec, [gate, up, dOut], rows * dim);
}

function run(
  encoder: StepEncoder,
  spec: KernelSpec<typeof uniforms>,
  storage: readonly Tensor[],
  length: number,
): void {
  expectLengths(
    spec.name,
    storage.map(tensor => [tensor, length] as const),
  );
  encoder.dispatch(encoder.gpu.pipelines.kernel(spec), {
    uniforms: { length },
    storage,
    workgroups: vectorGroups(length, encoder.gpu.tuning),
  });
}
