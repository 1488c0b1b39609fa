import type { StepEncoder } from '../../gpu/encoder.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import type { Tuning } from '../../gpu/tuning.ts';
import { fill } from '../elementwise/elementwise.ts';
import { expectLengths, GROUP, spread } from '../elementwise/launch.ts';
import { vectorSpecs } from '../elementwise/vector.ts';
import gatherCode from './gather.wgsl?raw';
import scatterCode from './scatter.wgsl?raw';

export interface GatherRowsArgs {
  /** [n, dim]; n is above every index. */
  readonly x: Tensor;
  /** u32 [rows] */
  readonly index: Tensor;
  /** [rows, dim], overwritten; in another buffer than x. */
  readonly y: Tensor;
  readonly rows: number;
  readonly dim: number;
}

export interface ScatterRowsArgs {
  /** [rows, dim] */
  readonly y: Tensor;
  /** u32 [rows], each index once and below total. */
  readonly index: Tensor;
  /** [total, dim], overwritten; in another buffer than y. */
  readonly x: Tensor;
  readonly rows: number;
  readonly dim: number;
  readonly total: number;
}

const gatherSpec = vectorSpecs({
  name: 'gather-rows',
  code: gatherCode,
  storage: ['read', 'read', 'read_write'],
  uniforms: { rows: 'u32', width: 'u32' },
});

const scatterSpec = vectorSpecs({
  name: 'scatter-rows',
  code: scatterCode,
  storage: ['read', 'read', 'read_write'],
  uniforms: { rows: 'u32', width: 'u32', total: 'u32' },
});

/**
 * y[r] = x[index[r]], bit for bit. An index beyond x yields some row of x: callers must validate indices.
 * @throws RangeError when index or y is too short.
 */
export function gatherRows(encoder: StepEncoder, { x, index, y, rows, dim }: GatherRowsArgs): void {
  expectLengths('gatherRows', [
    [x, dim],
    [index, rows],
    [y, rows * dim],
  ]);
  const { spec, width: lanes } = gatherSpec(dim);
  const width = dim / lanes;
  const constants = rowShape(encoder.gpu.tuning, width);
  encoder.dispatch(encoder.gpu.pipelines.kernel(spec, constants), {
    uniforms: { rows, width },
    storage: [x, index, y],
    workgroups: spread(Math.ceil(rows / constants.ROWS_PER_GROUP)),
  });
}

/**
 * The transpose of `gatherRows` for unique indices: x becomes zero except x[index[r]] = y[r]. Two dispatches. An index
 * of `total` or more is dropped.
 * @throws RangeError when a tensor is too short.
 */
export function scatterRows(encoder: StepEncoder, { y, index, x, rows, dim, total }: ScatterRowsArgs): void {
  expectLengths('scatterRows', [
    [y, rows * dim],
    [index, rows],
    [x, total * dim],
  ]);
  fill(encoder, { x, value: 0, length: total * dim });
  const { spec, width: lanes } = scatterSpec(dim);
  const width = dim / lanes;
  const constants = rowShape(encoder.gpu.tuning, width);
  encoder.dispatch(encoder.gpu.pipelines.kernel(spec, constants), {
    uniforms: { rows, width, total },
    storage: [y, index, x],
    workgroups: spread(Math.ceil(rows / constants.ROWS_PER_GROUP)),
  });
}

/** Constants of a kernel that moves rows of `width` vectors: without lanes in software; else just enough lanes for the width, because no lane waits for another. */
export function rowShape({ rowLanes }: Tuning, width: number): { ROW_LANES: number; ROWS_PER_GROUP: number } {
  const lanes = Math.min(rowLanes, 2 ** Math.ceil(Math.log2(width)));
  return { ROW_LANES: lanes, ROWS_PER_GROUP: GROUP / lanes };
}
