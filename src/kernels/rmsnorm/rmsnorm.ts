import type { StepEncoder } from '../../gpu/encoder.ts';
import { view, type Tensor } from '../../gpu/tensor.ts';
import { expectLengths, GROUP, spread } from '../elementwise/launch.ts';
import { vectorSpecs } from '../elementwise/vector.ts';
import rowSumCode from '../rows/row-sum.wgsl?raw';
import saveCode from './backward-save.wgsl?raw';
import backwardCode from './backward.wgsl?raw';
import forwardCode from './forward.wgsl?raw';
import gainPartialCode from './gain-partial.wgsl?raw';
import gainTotalCode from './gain-total.wgsl?raw';

export interface RmsNormDims {
  readonly rows: number;
  readonly dim: number;
}

export interface RmsNormForwardArgs extends RmsNormDims {
  /** [rows, dim] */
  readonly x: Tensor;
  /** [dim] */
  readonly gain: Tensor;
  /** [rows, dim], overwritten; another buffer than x's. */
  readonly y: Tensor;
  /** Positive: it keeps rows of zeros finite. */
  readonly eps: number;
}

export interface RmsNormBackwardArgs extends RmsNormDims {
  readonly x: Tensor;
  readonly gain: Tensor;
  readonly dy: Tensor;
  /** [rows, dim], overwritten, or added to with `accumulate`. */
  readonly dx: Tensor;
  /** [dim], added to. Without it no gradient of the gain is computed. */
  readonly dGain?: Tensor;
  /** Scratch of `rmsNormPartialLength` elements, overwritten; needed with dGain. */
  readonly partial?: Tensor;
  readonly eps: number;
  readonly accumulate?: boolean;
}

const rowUniforms = { rows: 'u32', width: 'u32', inverse_dim: 'f32', eps: 'f32', accumulate: 'u32' } as const;

const forwardSpec = vectorSpecs({
  name: 'rmsnorm-forward',
  code: rowSumCode + forwardCode,
  storage: ['read', 'read', 'read_write'],
  uniforms: rowUniforms,
});

const backwardSpec = vectorSpecs({
  name: 'rmsnorm-backward',
  code: `${rowSumCode}fn save_rstd(row: u32, rstd: f32) {}\n${backwardCode}`,
  storage: ['read', 'read', 'read', 'read_write'],
  uniforms: rowUniforms,
});

const backwardSaveSpec = vectorSpecs({
  name: 'rmsnorm-backward-save',
  code: rowSumCode + saveCode + backwardCode,
  storage: ['read', 'read', 'read', 'read_write', 'read_write'],
  uniforms: rowUniforms,
});

const gainPartialSpec = vectorSpecs({
  name: 'rmsnorm-gain-partial',
  code: gainPartialCode,
  storage: ['read', 'read', 'read_write', 'read_write'],
  uniforms: { rows: 'u32', width: 'u32', chunk_rows: 'u32' },
});

const gainTotalSpec = vectorSpecs({
  name: 'rmsnorm-gain-total',
  code: gainTotalCode,
  storage: ['read', 'read_write'],
  uniforms: { width: 'u32', chunks: 'u32' },
});

/**
 * y[r,i] = x[r,i] · gain[i] / sqrt(mean_i x[r,i]² + eps) (Zhang & Sennrich 2019, as in Llama). f32 throughout, so
 * |x| must stay below 1e19 / sqrt(dim). Overwrites y and reads nothing beyond `rows`; the caller owns all tensors.
 * @throws RangeError when a tensor is too short.
 */
export function rmsNormForward(encoder: StepEncoder, args: RmsNormForwardArgs): void {
  const { x, gain, y, rows, dim } = args;
  expectLengths('rmsNormForward', [
    [x, rows * dim],
    [gain, dim],
    [y, rows * dim],
  ]);
  overRows(encoder, forwardSpec, args, [x, gain, y]);
}

/**
 * dx = (accumulate ? dx : 0) + rstd (gain · dy − x · rstd² · mean_j(gain_j dy_j x_j)), rstd = 1 / sqrt(mean x² + eps)
 * recomputed from x; and, if dGain is given, dGain[i] += Σ_r dy[r,i] x[r,i] rstd[r]: chunks of rows are summed into
 * `partial`, then the chunks in order, so a replay gives the same bits. f32 throughout. x, gain and dy must lie in other
 * buffers than dx, dGain and partial, and these three in three buffers.
 * @throws RangeError when a tensor is too short, or dGain comes without `partial`.
 */
export function rmsNormBackward(encoder: StepEncoder, args: RmsNormBackwardArgs): void {
  const { x, gain, dy, dx, dGain, partial, rows, dim } = args;
  expectLengths('rmsNormBackward', [
    [x, rows * dim],
    [gain, dim],
    [dy, rows * dim],
    [dx, rows * dim],
  ]);
  if (!dGain) {
    overRows(encoder, backwardSpec, args, [x, gain, dy, dx]);
    return;
  }
  if (!partial)
    throw new RangeError('rmsNormBackward: dGain needs `partial`, scratch of rmsNormPartialLength');
  expectLengths('rmsNormBackward', [
    [dGain, dim],
    [partial, rmsNormPartialLength(args)],
  ]);
  const { chunks, chunkRows } = chunking(rows);
  const sums = view(partial, 0, chunks * dim);
  const rstds = view(partial, rstdStart(args), rows);
  overRows(encoder, backwardSaveSpec, args, [x, gain, dy, dx, rstds]);
  const { spec, width: lanes } = gainPartialSpec(dim);
  const width = dim / lanes;
  encoder.dispatch(encoder.gpu.pipelines.kernel(spec), {
    uniforms: { rows, width, chunk_rows: chunkRows },
    storage: [x, dy, rstds, sums],
    workgroups: spread(Math.ceil((chunks * width) / GROUP)),
  });
  encoder.dispatch(encoder.gpu.pipelines.kernel(gainTotalSpec(dim).spec), {
    uniforms: { width, chunks },
    storage: [sums, dGain],
    workgroups: [Math.ceil(width / GROUP)],
  });
}

/** Elements of `rmsNormBackward`'s `partial`; grows with rows, so the largest batch's serves smaller ones. */
export function rmsNormPartialLength(dims: RmsNormDims): number {
  return rstdStart(dims) + dims.rows;
}

const MIN_CHUNK_ROWS = 32;
const MAX_CHUNKS = 128;

/** Where the rows' rstd begin behind the partial sums: the next element that can be bound. */
function rstdStart({ rows, dim }: RmsNormDims): number {
  return Math.ceil((Math.min(MAX_CHUNKS, Math.ceil(rows / MIN_CHUNK_ROWS)) * dim) / 64) * 64;
}

/** Enough chunks to occupy a GPU even at a small dim, few enough to sum in one pass. */
function chunking(rows: number): { chunks: number; chunkRows: number } {
  const chunkRows = Math.max(MIN_CHUNK_ROWS, Math.ceil(rows / MAX_CHUNKS));
  return { chunks: Math.ceil(rows / chunkRows), chunkRows };
}

function overRows(
  encoder: StepEncoder,
  specs: typeof forwardSpec,
  { rows, dim, eps, accumulate = false }: RmsNormDims & { eps: number; accumulate?: boolean },
  storage: readonly Tensor[],
): void {
  const { rowLanes, rowsPerGroup } = encoder.gpu.tuning;
  const { spec, width } = specs(dim);
  const kernel = encoder.gpu.pipelines.kernel(spec, { ROW_LANES: rowLanes, ROWS_PER_GROUP: rowsPerGroup });
  encoder.dispatch(kernel, {
    uniforms: { rows, width: dim / width, inverse_dim: 1 / dim, eps, accumulate: Number(accumulate) },
    storage,
    workgroups: spread(Math.ceil(rows / rowsPerGroup)),
  });
}
