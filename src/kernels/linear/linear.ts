import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import backwardBiasCode from './backward-bias.wgsl?raw';
import backwardInputCode from './backward-input.wgsl?raw';
import backwardWeightCode from './backward-weight.wgsl?raw';
import forwardCode from './forward.wgsl?raw';

/** Dimensions of y = x Wᵀ: x [rows, inDim], W [outDim, inDim], y [rows, outDim], all row-major f32. */
export interface LinearDims {
  readonly rows: number;
  readonly inDim: number;
  readonly outDim: number;
}

interface LinearOptions extends LinearDims {
  /** Adds to what the output holds instead of overwriting it. */
  readonly accumulate?: boolean;
  /** Factor of the product; 1 by default. */
  readonly scale?: number;
}

export interface LinearForwardArgs extends LinearOptions {
  readonly x: Tensor;
  readonly weight: Tensor;
  readonly y: Tensor;
  /** [outDim]; not scaled. */
  readonly bias?: Tensor;
}

export interface LinearBackwardInputArgs extends LinearOptions {
  readonly dy: Tensor;
  readonly weight: Tensor;
  readonly dx: Tensor;
}

export interface LinearBackwardWeightArgs extends LinearOptions {
  readonly dy: Tensor;
  readonly x: Tensor;
  readonly dWeight: Tensor;
  /** Room for partial sums, at least `linearWeightScratchLength` elements. */
  readonly scratch?: Tensor;
}

export interface LinearBackwardBiasArgs {
  readonly dy: Tensor;
  readonly dBias: Tensor;
  readonly rows: number;
  readonly outDim: number;
  readonly accumulate?: boolean;
}

const uniforms = {
  rows: 'u32',
  inDim: 'u32',
  outDim: 'u32',
  stride: 'u32',
  accumulate: 'u32',
  scale: 'f32',
  hasBias: 'u32',
} as const;

const forwardSpec: KernelSpec<typeof uniforms> = {
  name: 'linear-forward',
  code: forwardCode,
  storage: ['read', 'read', 'read', 'read_write'],
  uniforms,
};

const backwardInputSpec: KernelSpec<typeof uniforms> = {
  name: 'linear-backward-input',
  code: backwardInputCode,
  storage: ['read', 'read', 'read_write'],
  uniforms,
};

const backwardWeightSpec: KernelSpec<typeof uniforms> = {
  name: 'linear-backward-weight',
  code: backwardWeightCode,
  storage: ['read', 'read', 'read_write'],
  uniforms,
};

const biasUniforms = { rows: 'u32', outDim: 'u32', accumulate: 'u32' } as const;

const backwardBiasSpec: KernelSpec<typeof biasUniforms> = {
  name: 'linear-backward-bias',
  code: backwardBiasCode,
  storage: ['read', 'read_write'],
  uniforms: biasUniforms,
};

/** y = (accumulate ? y : 0) + scale · x Wᵀ (+ bias). Overwrites y; sums in f32. */
export function linearForward(encoder: StepEncoder, args: LinearForwardArgs): void {
  const { x, weight, y, bias, rows, outDim } = args;
  run(encoder, forwardSpec, args, rows, outDim, [x, weight, bias ?? weight, y], bias !== undefined);
}

/** dx = (accumulate ? dx : 0) + scale · dy W. Overwrites dx; sums in f32. */
export function linearBackwardInput(encoder: StepEncoder, args: LinearBackwardInputArgs): void {
  const { dy, weight, dx, rows, inDim } = args;
  run(encoder, backwardInputSpec, args, rows, inDim, [dy, weight, dx]);
}

/** dW = (accumulate ? dW : 0) + scale · dyᵀ x. Overwrites dW; sums in f32 in a fixed order. */
export function linearBackwardWeight(encoder: StepEncoder, args: LinearBackwardWeightArgs): void {
  const { dy, x, dWeight, inDim, outDim } = args;
  run(encoder, backwardWeightSpec, args, outDim, inDim, [dy, x, dWeight]);
}

/** Elements of `scratch` that let `linearBackwardWeight` split its sum over the rows. */
export function linearWeightScratchLength({ inDim, outDim }: LinearDims): number {
  return inDim * outDim;
}

/** dBias = (accumulate ? dBias : 0) + Σ_r dy[r]. Overwrites dBias; sums in f32 in a fixed order. */
export function linearBackwardBias(encoder: StepEncoder, args: LinearBackwardBiasArgs): void {
  const { dy, dBias, rows, outDim, accumulate = false } = args;
  encoder.dispatch(encoder.gpu.pipelines.kernel(backwardBiasSpec), {
    uniforms: { rows, outDim, accumulate: Number(accumulate) },
    storage: [dy, dBias],
    workgroups: [Math.ceil(outDim / 64)],
  });
}

function run(
  encoder: StepEncoder,
  spec: KernelSpec<typeof uniforms>,
  { rows, inDim, outDim, accumulate = false, scale = 1 }: LinearOptions,
  height: number,
  width: number,
  storage: readonly Tensor[],
  hasBias = false,
): void {
  const tiles = Math.ceil(height / 8);
  const stride = Math.min(tiles, 65_535);
  encoder.dispatch(encoder.gpu.pipelines.kernel(spec), {
    uniforms: {
      rows,
      inDim,
      outDim,
      stride,
      accumulate: Number(accumulate),
      scale,
      hasBias: Number(hasBias),
    },
    storage,
    workgroups: [Math.ceil(width / 8), stride, Math.ceil(tiles / Math.max(1, stride))],
  });
}
