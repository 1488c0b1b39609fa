/**
 * Grouped-query attention over a packed batch: q [tokens, heads, headDim], k and v [tokens, kvHeads, headDim].
 * Query head h reads key/value head floor(h / (heads / kvHeads)); heads is a multiple of kvHeads.
 */
export interface AttentionShape {
  readonly tokens: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

export interface AttentionInputs {
  readonly q: ArrayLike<number>;
  readonly k: ArrayLike<number>;
  readonly v: ArrayLike<number>;
  /** First token of each token's sequence: token i attends to [seqStart[i], i]. */
  readonly seqStart: ArrayLike<number>;
}

export interface AttentionResult {
  /** [tokens, heads, headDim] */
  readonly out: Float64Array;
  /** Natural log of Σ_j exp(score_ij), [tokens, heads]: what backward reuses. */
  readonly lse: Float64Array;
}

/** out_i = Σ_{j ∈ [seqStart[i], i]} softmax_j(q_i · k_j / sqrt(headDim)) v_j. */
export function attention({ q, k, v, seqStart }: AttentionInputs, shape: AttentionShape): AttentionResult {
  const { tokens, heads, headDim } = shape;
  const out = new Float64Array(tokens * heads * headDim);
  const lse = new Float64Array(tokens * heads);
  for (let i = 0; i < tokens; i++) {
    for (let h = 0; h < heads; h++) {
      const queryAt = (i * heads + h) * headDim;
      const scores = new Float64Array(i - seqStart[i]! + 1);
      let max = -Infinity;
      for (let n = 0; n < scores.length; n++) {
        scores[n] = score(q, k, queryAt, keyOffset(seqStart[i]! + n, h, shape), headDim);
        max = Math.max(max, scores[n]!);
      }
      let sum = 0;
      for (const s of scores) sum += Math.exp(s - max);
      lse[i * heads + h] = max + Math.log(sum);
      for (let n = 0; n < scores.length; n++) {
        const p = Math.exp(scores[n]! - max) / sum;
        const valueAt = keyOffset(seqStart[i]! + n, h, shape);
        for (let d = 0; d < headDim; d++) out[queryAt + d]! += p * v[valueAt + d]!;
      }
    }
  }
  return { out, lse };
}

/**
 * With p_ij = exp(score_ij − lse_i) and D_i = dout_i · out_i:
 * dv_j += p_ij dout_i;  ds_ij = p_ij (dout_i · v_j − D_i);  dq_i += ds_ij k_j / sqrt(headDim);  dk_j += ds_ij q_i / sqrt(headDim).
 * Key and value gradients sum over the query heads of their group.
 */
export function attentionBackward(
  dout: ArrayLike<number>,
  { q, k, v, seqStart }: AttentionInputs,
  { out, lse }: { readonly out: ArrayLike<number>; readonly lse: ArrayLike<number> },
  shape: AttentionShape,
): { dq: Float64Array; dk: Float64Array; dv: Float64Array } {
  const { tokens, heads, kvHeads, headDim } = shape;
  const dq = new Float64Array(tokens * heads * headDim);
  const dk = new Float64Array(tokens * kvHeads * headDim);
  const dv = new Float64Array(tokens * kvHeads * headDim);
  const scale = 1 / Math.sqrt(headDim);
  for (let i = 0; i < tokens; i++) {
    for (let h = 0; h < heads; h++) {
      const queryAt = (i * heads + h) * headDim;
      let rowDot = 0;
      for (let d = 0; d < headDim; d++) rowDot += dout[queryAt + d]! * out[queryAt + d]!;
      for (let j = seqStart[i]!; j <= i; j++) {
        const keyAt = keyOffset(j, h, shape);
        const p = Math.exp(score(q, k, queryAt, keyAt, headDim) - lse[i * heads + h]!);
        let dp = 0;
        for (let d = 0; d < headDim; d++) dp += dout[queryAt + d]! * v[keyAt + d]!;
        const ds = p * (dp - rowDot) * scale;
        for (let d = 0; d < headDim; d++) {
          dq[queryAt + d]! += ds * k[keyAt + d]!;
          dk[keyAt + d]! += ds * q[queryAt + d]!;
          dv[keyAt + d]! += p * dout[queryAt + d]!;
        }
      }
    }
  }
  return { dq, dk, dv };
}

function keyOffset(token: number, head: number, { heads, kvHeads, headDim }: AttentionShape): number {
  const kvHead = Math.floor(head / (heads / kvHeads));
  return (token * kvHeads + kvHead) * headDim;
}

function score(
  q: ArrayLike<number>,
  k: ArrayLike<number>,
  queryAt: number,
  keyAt: number,
  headDim: number,
): number {
  let dot = 0;
  for (let d = 0; d < headDim; d++) dot += q[queryAt + d]! * k[keyAt + d]!;
  return dot / Math.sqrt(headDim);
}
