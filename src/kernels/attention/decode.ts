import type { StepEncoder } from '../../gpu/encoder.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, spread } from '../elementwise/launch.ts';
import code from './decode.wgsl?raw';
import { tiledKernel, type TiledTemplate } from './tiled-kernel.ts';
import { decodeTile, vectorsOf, type HeadShape } from './tiles.ts';

export interface AttentionDecodeArgs extends HeadShape {
  /** [rows, heads, headDim] f32: one query token a slot; row b is slot b. */
  readonly q: Tensor;
  /** [slots, capacity, kvHeads, headDim] f32, slots ≥ rows. */
  readonly keys: Tensor;
  readonly values: Tensor;
  /** [rows, heads, headDim] f32. */
  readonly out: Tensor;
  /** u32 [rows]: the query's own position, whose key is cached already; below capacity. */
  readonly position: Tensor;
  readonly rows: number;
  readonly capacity: number;
}

const template: TiledTemplate<{
  rows: 'u32';
  heads: 'u32';
  kvHeads: 'u32';
  capacity: 'u32';
  vectors: 'u32';
  scaleLog2: 'f32';
}> = {
  name: 'attention-decode',
  code,
  storage: ['read', 'read', 'read', 'read', 'read_write'],
  uniforms: { rows: 'u32', heads: 'u32', kvHeads: 'u32', capacity: 'u32', vectors: 'u32', scaleLog2: 'f32' },
};

/**
 * out_b = Σ_{j ≤ position[b]} softmax_j(q_b · keys[b, j] / √headDim) values[b, j]: what `attentionForward` gives for the last
 * token of a sequence, up to the order of sums. Streaming softmax, f32. Overwrites out; the caller owns all tensors. A position beyond the
 * cache attends to all of it.
 * @throws RangeError when heads is no multiple of kvHeads or a tensor is too short.
 */
export function attentionDecode(encoder: StepEncoder, args: AttentionDecodeArgs): void {
  const { q, keys, values, out, position, rows, heads, kvHeads, headDim, capacity } = args;
  if (heads % kvHeads !== 0)
    throw new RangeError(
      `attentionDecode: ${heads} query heads cannot share ${kvHeads} key-value heads evenly`,
    );
  expectLengths('attentionDecode', [
    [q, rows * heads * headDim],
    [keys, rows * capacity * kvHeads * headDim],
    [values, rows * capacity * kvHeads * headDim],
    [out, rows * heads * headDim],
    [position, rows],
  ]);
  const tile = decodeTile(encoder.gpu, args);
  const parts = tile.lanes > 1 ? tile.lanes * tile.queries * tile.heads : 1;
  const lanes = { LANES: tile.lanes, QUERIES: tile.queries, PARTS: parts };
  encoder.dispatch(tiledKernel(encoder.gpu, template, headDim, tile, lanes), {
    uniforms: {
      rows,
      heads,
      kvHeads,
      capacity,
      vectors: vectorsOf(headDim),
      scaleLog2: Math.LOG2E / Math.sqrt(headDim),
    },
    storage: [q, keys, values, position, out],
    workgroups: spread(Math.ceil((rows * heads) / tile.heads / tile.queries)),
  });
}
