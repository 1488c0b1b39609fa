import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, spread } from '../elementwise/launch.ts';
import backwardBiasCode from './backward-bias.wgsl?raw';
import { backwardInputPlan, backwardWeightPlan, forwardPlan, weightParts, type Plan } from './plans.ts';
import type { LinearColumns, LinearDims } from './specs.ts';
import sumPartsCode from './sum-parts.wgsl?raw';

export type { LinearDims } from './specs.ts';

interface LinearOptions extends LinearDims {
  /** Adds to what the output holds instead of overwriting it. */
  readonly accumulate?: boolean;
  /** Factor of the product; 1 by default. */
  readonly scale?: number;
  /** Where y or dy is part of wider rows, of which the other columns are neither read nor written; by default it is whole rows. */
  readonly columns?: LinearColumns;
}

export interface LinearForwardArgs extends LinearOptions {
  readonly x: Tensor;
  /** [outDim, inDim], f32 or as stored. */
  readonly weight: Tensor;
  readonly y: Tensor;
  /** [outDim]; not scaled. */
  readonly bias?: Tensor;
}

/**
 * y = (accumulate ? y : 0) + scale · x Wᵀ (+ bias). Overwrites y [rows, outDim]; stored weights are widened where they are read, sums
 * are in f32. @throws RangeError on short tensors and on columns that leave their rows.
 */
export function linearForward(encoder: StepEncoder, args: LinearForwardArgs): void {
  const { x, weight, y, bias, rows, inDim, outDim } = args;
  expectLengths('linearForward', [
    [x, rows * inDim],
    [weight, outDim * inDim],
    [y, columnsLength(args)],
    ...(bias ? [[bias, outDim] as const] : []),
  ]);
  const plan = forwardPlan(encoder.gpu.tuning, { ...args, weightType: weight.dtype });
  // Without a bias its binding takes any tensor that is only read; the kernel discards what it finds there.
  multiply(encoder, plan, args, [x, weight, bias ?? weight, y], bias !== undefined);
}

export interface LinearBackwardInputArgs extends LinearOptions {
  readonly dy: Tensor;
  /** [outDim, inDim], f32 or as stored. */
  readonly weight: Tensor;
  readonly dx: Tensor;
}

/** dx = (accumulate ? dx : 0) + scale · dy W. Overwrites dx [rows, inDim]; sums in f32. @throws RangeError as `linearForward`. */
export function linearBackwardInput(encoder: StepEncoder, args: LinearBackwardInputArgs): void {
  const { dy, weight, dx, rows, inDim, outDim } = args;
  expectLengths('linearBackwardInput', [
    [dy, columnsLength(args)],
    [weight, outDim * inDim],
    [dx, rows * inDim],
  ]);
  const plan = backwardInputPlan(encoder.gpu.tuning, { ...args, weightType: weight.dtype });
  multiply(encoder, plan, args, [dy, weight, dx]);
}

export interface LinearBackwardWeightArgs extends LinearOptions {
  readonly dy: Tensor;
  readonly x: Tensor;
  readonly dWeight: Tensor;
  /**
   * Room for partial sums, contents lost. With `linearWeightScratchLength` elements a small weight is summed in parallel parts;
   * with less in fewer parts, without in one.
   */
  readonly scratch?: Tensor;
}

/**
 * dW = (accumulate ? dW : 0) + scale · dyᵀ x. Overwrites dW [outDim, inDim]; sums in f32, in an order that depends on the dimensions,
 * the tuning and the length of scratch alone, so that a run can be replayed. @throws RangeError on short tensors.
 */
export function linearBackwardWeight(encoder: StepEncoder, args: LinearBackwardWeightArgs): void {
  const { dy, x, dWeight, rows, inDim, outDim, scratch, accumulate = false } = args;
  const size = outDim * inDim;
  expectLengths('linearBackwardWeight', [
    [dy, columnsLength(args)],
    [x, rows * inDim],
    [dWeight, size],
  ]);
  const plan = backwardWeightPlan(encoder.gpu.tuning, args, Math.floor((scratch?.length ?? 0) / size));
  if (!scratch || plan.parts === 1) return multiply(encoder, plan, args, [dy, x, dWeight]);
  multiply(encoder, plan, { ...args, accumulate: false }, [dy, x, scratch]);
  encoder.dispatch(encoder.gpu.pipelines.kernel(sumPartsSpec), {
    uniforms: { count: size, parts: plan.parts, accumulate: Number(accumulate) },
    storage: [scratch, dWeight],
    workgroups: spread(Math.ceil(size / 64)),
  });
}

/** Elements up to the last that y or dy takes of its rows. */
function columnsLength({ rows, outDim, columns = { start: 0, stride: outDim } }: LinearOptions): number {
  const { start, stride } = columns;
  if (!(start >= 0 && start + outDim <= stride))
    throw new RangeError(`columns ${start}–${start + outDim} leave rows of ${stride} elements`);
  return rows === 0 ? 0 : (rows - 1) * stride + start + outDim;
}

/** Elements of `scratch` with which `linearBackwardWeight` is fastest, at most 65,536; 0 where parts do not help. */
export function linearWeightScratchLength(dims: LinearDims): number {
  const parts = weightParts(dims);
  return parts === 1 ? 0 : parts * dims.outDim * dims.inDim;
}

export interface LinearBackwardBiasArgs {
  readonly dy: Tensor;
  readonly dBias: Tensor;
  readonly rows: number;
  readonly outDim: number;
  readonly accumulate?: boolean;
}

/** dBias = (accumulate ? dBias : 0) + Σ_r dy[r]. Overwrites dBias [outDim]; sums in f32 in a fixed order. @throws RangeError on short tensors. */
export function linearBackwardBias(encoder: StepEncoder, args: LinearBackwardBiasArgs): void {
  const { dy, dBias, rows, outDim, accumulate = false } = args;
  expectLengths('linearBackwardBias', [
    [dy, rows * outDim],
    [dBias, outDim],
  ]);
  const constants = encoder.gpu.tuning.software ? { LANES: 1, COLUMNS: 8 } : { LANES: 16, COLUMNS: 16 };
  encoder.dispatch(encoder.gpu.pipelines.kernel(backwardBiasSpec, constants), {
    uniforms: { rows, outDim, accumulate: Number(accumulate) },
    storage: [dy, dBias],
    workgroups: [Math.ceil(outDim / constants.COLUMNS)],
  });
}

const sumUniforms = { count: 'u32', parts: 'u32', accumulate: 'u32' } as const;

const sumPartsSpec: KernelSpec<typeof sumUniforms> = {
  name: 'linear-sum-parts',
  code: sumPartsCode,
  storage: ['read', 'read_write'],
  uniforms: sumUniforms,
};

const biasUniforms = { rows: 'u32', outDim: 'u32', accumulate: 'u32' } as const;

const backwardBiasSpec: KernelSpec<typeof biasUniforms> = {
  name: 'linear-backward-bias',
  code: backwardBiasCode,
  storage: ['read', 'read_write'],
  uniforms: biasUniforms,
};

function multiply(
  encoder: StepEncoder,
  { spec, span, parts, workgroups }: Plan,
  {
    rows,
    inDim,
    outDim,
    accumulate = false,
    scale = 1,
    columns = { start: 0, stride: outDim },
  }: LinearOptions,
  storage: readonly Tensor[],
  bias = false,
): void {
  encoder.dispatch(encoder.gpu.pipelines.kernel(spec), {
    uniforms: {
      rows,
      inDim,
      outDim,
      span,
      parts,
      accumulate: Number(accumulate),
      bias: Number(bias),
      scale,
      ...columns,
    },
    storage,
    workgroups,
  });
}
