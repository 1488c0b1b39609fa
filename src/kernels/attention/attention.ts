import type { StepEncoder } from '../../gpu/encoder.ts';
import type { Constants } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, GROUP, spread } from '../elementwise/launch.ts';
import backwardKeysCode from './backward-keys.wgsl?raw';
import backwardQueriesCode from './backward-queries.wgsl?raw';
import forwardCode from './forward.wgsl?raw';
import rowDotCode from './row-dot.wgsl?raw';
import tileCode from './tile.wgsl?raw';
import { tiledKernel, type TiledTemplate } from './tiled-kernel.ts';
import {
  backwardKeysTile,
  backwardQueriesTile,
  forwardTile,
  vectorsOf,
  type HeadShape,
  type PackedTile,
} from './tiles.ts';

/** A packed batch of grouped-query attention: query head h reads key-value head ⌊h / (heads / kvHeads)⌋. */
interface PackedAttention extends HeadShape {
  /** [rows, heads, headDim] f32. */
  readonly q: Tensor;
  /** [rows, kvHeads, headDim] f32. */
  readonly k: Tensor;
  readonly v: Tensor;
  /** [rows, heads, headDim] f32. */
  readonly out: Tensor;
  /** [rows, heads] f32: ln Σ_j exp(score_ij). */
  readonly logSumExp: Tensor;
  /** u32 [rows]: first token of the token's sequence. Sequences lie end to end, so this never falls. */
  readonly seqStart: Tensor;
  readonly rows: number;
}

export type AttentionForwardArgs = PackedAttention;

export interface AttentionBackwardArgs extends PackedAttention {
  /** [rows, heads, headDim] f32. */
  readonly dOut: Tensor;
  /** [rows, heads] f32 scratch: Σ_d out · dOut. */
  readonly delta: Tensor;
  /** [rows, heads, headDim] f32. */
  readonly dq: Tensor;
  /** [rows, kvHeads, headDim] f32. */
  readonly dk: Tensor;
  readonly dv: Tensor;
  /** u32 [rows]: one past the last token of the token's sequence. */
  readonly seqEnd: Tensor;
}

const uniforms = {
  rows: 'u32',
  heads: 'u32',
  kvHeads: 'u32',
  headDim: 'u32',
  vectors: 'u32',
  scale: 'f32',
  scaleLog2: 'f32',
} as const;

type Template = TiledTemplate<typeof uniforms>;

const forward: Template = {
  name: 'attention-forward',
  code: tileCode + forwardCode,
  storage: ['read', 'read', 'read', 'read', 'read_write', 'read_write'],
  uniforms,
};

const rowDot: Template = {
  name: 'attention-row-dot',
  code: rowDotCode,
  storage: ['read', 'read', 'read', 'read_write', 'read_write'],
  uniforms,
};

const backwardKeys: Template = {
  name: 'attention-backward-keys',
  code: tileCode + backwardKeysCode,
  storage: ['read', 'read', 'read', 'read', 'read', 'read', 'read_write', 'read_write'],
  uniforms,
};

const backwardQueries: Template = {
  name: 'attention-backward-queries',
  code: tileCode + backwardQueriesCode,
  storage: ['read', 'read', 'read', 'read', 'read', 'read', 'read', 'read_write'],
  uniforms,
};

/**
 * out_i = Σ_{j ∈ [seqStart[i], i]} softmax_j(q_i · k_j / √headDim) v_j, and the log-sum-exp of each row for backward. Streaming
 * softmax in blocks of keys (Milakov & Gimelshein 2018; Dao et al. 2022): memory beyond the arguments is registers. Sums in f32 and
 * in a fixed order. Overwrites out and logSumExp; the caller owns all tensors, which must be finite: a row is multiplied by zero
 * where its neighbours may not see it.
 * @throws RangeError when heads is no multiple of kvHeads or a tensor is too short.
 */
export function attentionForward(encoder: StepEncoder, args: AttentionForwardArgs): void {
  const { q, k, v, out, logSumExp, seqStart, rows, heads, headDim } = args;
  expectAttention('attentionForward', args);
  const tile = forwardTile(encoder.gpu, args);
  encoder.dispatch(tiledKernel(encoder.gpu, forward, headDim, tile, lanes(tile)), {
    uniforms: values(args),
    storage: [q, k, v, seqStart, out, logSumExp],
    workgroups: tokenGroups(rows, heads, tile),
  });
}

/**
 * With p_ij = exp(q_i · k_j / √headDim − logSumExp_i) and delta_i = out_i · dOut_i:
 * dv_j = Σ_i p_ij dOut_i;  ds_ij = p_ij (dOut_i · v_j − delta_i);  dq_i = Σ_j ds_ij k_j / √headDim;  dk_j = Σ_i ds_ij q_i / √headDim
 * (Dao et al. 2022). Each gradient is summed by its owner, keys and values over the query heads of their group, so there are no atomics, a run
 * replays to the bit and no scratch grows with rows². Overwrites dq, dk, dv and delta. The caller owns all tensors.
 * @throws RangeError when heads is no multiple of kvHeads, headDim is below 2 or a tensor is too short.
 */
export function attentionBackward(encoder: StepEncoder, args: AttentionBackwardArgs): void {
  const { q, k, v, out, dOut, logSumExp, delta, dq, dk, dv, seqStart, seqEnd } = args;
  const { rows, heads, kvHeads, headDim } = args;
  expectAttention('attentionBackward', args);
  expectLengths('attentionBackward', [
    [dOut, rows * heads * headDim],
    [delta, rows * heads],
    [dq, rows * heads * headDim],
    [dk, rows * kvHeads * headDim],
    [dv, rows * kvHeads * headDim],
    [seqEnd, rows],
  ]);
  if (headDim < 2)
    throw new RangeError(
      `attentionBackward: headDim is ${headDim}, but the rows of dq must hold two numbers`,
    );
  const { gpu } = encoder;
  const shared = { uniforms: values(args) };
  encoder.dispatch(tiledKernel(gpu, rowDot, headDim, { tokens: 1, heads: 1, keys: 1 }), {
    ...shared,
    storage: [out, dOut, logSumExp, delta, dq],
    workgroups: spread(Math.ceil((rows * heads) / GROUP)),
  });
  const keys = backwardKeysTile(gpu, args);
  encoder.dispatch(tiledKernel(gpu, backwardKeys, headDim, keys, lanes(keys)), {
    ...shared,
    storage: [q, k, v, dOut, dq, seqEnd, dk, dv],
    workgroups: tokenGroups(rows, kvHeads, keys),
  });
  const queries = backwardQueriesTile(gpu, args);
  encoder.dispatch(tiledKernel(gpu, backwardQueries, headDim, queries, lanes(queries)), {
    ...shared,
    storage: [q, k, v, dOut, logSumExp, delta, seqStart, dq],
    workgroups: tokenGroups(rows, heads, queries),
  });
}

function values({ rows, heads, kvHeads, headDim }: PackedAttention) {
  const scale = 1 / Math.sqrt(headDim);
  return { rows, heads, kvHeads, headDim, vectors: vectorsOf(headDim), scale, scaleLog2: scale * Math.LOG2E };
}

function lanes({ headLanes, tokenLanes }: PackedTile): Constants {
  return { HEAD_LANES: headLanes, TOKEN_LANES: tokenLanes };
}

function tokenGroups(owned: number, ofHeads: number, tile: PackedTile): readonly [number, number] {
  const tokens = Math.ceil(owned / (tile.tokenLanes * tile.tokens));
  return spread((tokens * ofHeads) / (tile.headLanes * tile.heads));
}

function expectAttention(op: string, args: PackedAttention): void {
  const { q, k, v, out, logSumExp, seqStart, rows, heads, kvHeads, headDim } = args;
  if (heads % kvHeads !== 0)
    throw new RangeError(`${op}: ${heads} query heads cannot share ${kvHeads} key-value heads evenly`);
  expectLengths(op, [
    [q, rows * heads * headDim],
    [k, rows * kvHeads * headDim],
    [v, rows * kvHeads * headDim],
    [out, rows * heads * headDim],
    [logSumExp, rows * heads],
    [seqStart, rows],
  ]);
}
