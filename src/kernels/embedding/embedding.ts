import type { StepEncoder } from '../../gpu/encoder.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, GROUP, spread } from '../elementwise/launch.ts';
import { vectorSpecs } from '../elementwise/vector.ts';
import backwardCode from './backward.wgsl?raw';

export { embeddingRuns } from './runs.ts';

export interface EmbeddingBackwardArgs {
  /** [rows, dim] */
  readonly dx: Tensor;
  /** [vocab, dim], added to; in another buffer than dx. */
  readonly dTable: Tensor;
  /** u32 [rows], of `embeddingRuns`. */
  readonly order: Tensor;
  /** u32 [runs + 1] */
  readonly runStart: Tensor;
  /** u32 [runs] */
  readonly runId: Tensor;
  readonly runs: number;
  readonly dim: number;
}

const backwardSpec = vectorSpecs({
  name: 'embedding-backward',
  code: backwardCode,
  storage: ['read', 'read', 'read', 'read', 'read_write'],
  uniforms: { runs: 'u32', width: 'u32' },
});

/**
 * dTable[runId[r]] += Σ dx[order[a]] over the run's positions a, in ascending position, in f32: each row of the table has
 * one owner, so there are no atomics and a replay gives the same bits.
 * @throws RangeError when a tensor is too short.
 */
export function embeddingBackward(
  encoder: StepEncoder,
  { dx, dTable, order, runStart, runId, runs, dim }: EmbeddingBackwardArgs,
): void {
  expectLengths('embeddingBackward', [
    [runStart, runs + 1],
    [runId, runs],
    [order, runs],
    [dx, runs * dim],
    [dTable, runs * dim],
  ]);
  const { spec, width: lanes } = backwardSpec(dim);
  const width = dim / lanes;
  encoder.dispatch(encoder.gpu.pipelines.kernel(spec), {
    uniforms: { runs, width },
    storage: [dx, order, runStart, runId, dTable],
    workgroups: spread(Math.ceil((runs * width) / GROUP)),
  });
}
