import { linear, linearBackwardInput, linearBackwardWeight, type LinearShape } from './linear.ts';

/** One low-rank pair: a [rank, inDim], b [outDim, rank]; its contribution is scaled by alpha / rank. */
export interface LoraPair {
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  readonly rank: number;
  readonly alpha: number;
}

export interface LoraResult {
  /** (alpha / rank) (x Aᵀ) Bᵀ, [rows, outDim]: to be added to the frozen layer's output. */
  readonly delta: Float64Array;
  /** x Aᵀ, [rows, rank]: what backward reuses. */
  readonly down: Float64Array;
}

/** Low-rank adaptation (Hu et al. 2021), PEFT's scaling, no dropout. shape is that of the adapted layer. */
export function lora(x: ArrayLike<number>, pair: LoraPair, { rows, inDim, outDim }: LinearShape): LoraResult {
  const scale = pair.alpha / pair.rank;
  const down = linear(x, pair.a, { rows, inDim, outDim: pair.rank });
  const delta = linear(down, pair.b, { rows, inDim: pair.rank, outDim });
  for (let i = 0; i < delta.length; i++) delta[i]! *= scale;
  return { delta, down };
}

/** With s = alpha / rank: dB = s dyᵀ (x Aᵀ), ddown = s dy B, dA = ddownᵀ x, dx = ddown A. */
export function loraBackward(
  dy: ArrayLike<number>,
  x: ArrayLike<number>,
  down: ArrayLike<number>,
  pair: LoraPair,
  { rows, inDim, outDim }: LinearShape,
): { dx: Float64Array; da: Float64Array; db: Float64Array } {
  const scale = pair.alpha / pair.rank;
  const upShape: LinearShape = { rows, inDim: pair.rank, outDim };
  const downShape: LinearShape = { rows, inDim, outDim: pair.rank };
  const ddelta = Float64Array.from(dy, g => g * scale);
  const db = linearBackwardWeight(ddelta, down, upShape);
  const ddown = linearBackwardInput(ddelta, pair.b, upShape);
  return {
    dx: linearBackwardInput(ddown, pair.a, downShape),
    da: linearBackwardWeight(ddown, x, downShape),
    db,
  };
}
