import type { StepEncoder } from '../../gpu/encoder.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, GROUP, spread } from '../elementwise/launch.ts';
import { vectorSpecs } from '../elementwise/vector.ts';
import code from './segment-mean.wgsl?raw';

export interface SegmentMeanArgs {
  /** [rows, dim] */
  readonly x: Tensor;
  /** u32 [segments]: first row of each segment. */
  readonly start: Tensor;
  /** u32 [segments]: one past the last row of each segment, at most the rows of x. */
  readonly end: Tensor;
  /** [segments, dim], overwritten; in another buffer than x. */
  readonly y: Tensor;
  readonly segments: number;
  readonly dim: number;
}

const segmentMeanSpec = vectorSpecs({
  name: 'segment-mean',
  code,
  storage: ['read', 'read', 'read', 'read_write'],
  uniforms: { segments: 'u32', width: 'u32' },
});

/**
 * y[s] = mean of x[start[s]] … x[end[s] − 1]; zeros where a segment has no row. Sums are f32 in the order of the rows, so that a
 * segment's mean does not depend on what else is in the batch. Bounds beyond x read some row of x: callers must validate them.
 * No backward: nothing is trained through it.
 * @throws RangeError when a tensor is too short.
 */
export function segmentMean(
  encoder: StepEncoder,
  { x, start, end, y, segments, dim }: SegmentMeanArgs,
): void {
  expectLengths('segmentMean', [
    [x, dim],
    [start, segments],
    [end, segments],
    [y, segments * dim],
  ]);
  const { spec, width: lanes } = segmentMeanSpec(dim);
  const width = dim / lanes;
  encoder.dispatch(encoder.gpu.pipelines.kernel(spec, { GROUP }), {
    uniforms: { segments, width },
    storage: [x, start, end, y],
    workgroups: spread(Math.ceil((segments * width) / GROUP)),
  });
}
