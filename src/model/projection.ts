import type { StepEncoder } from '../gpu/encoder.ts';
import type { Tensor } from '../gpu/tensor.ts';
import {
  linearBackwardBias,
  linearBackwardInput,
  linearBackwardWeight,
  linearForward,
} from '../kernels/linear/linear.ts';
import type { LoraPair } from './lora.ts';

/** A linear map as the model sees it: the base weight, its bias if it has one and, where adapted, its LoRA pair. */
export interface Projection {
  readonly inDim: number;
  readonly outDim: number;
  /** [outDim, inDim]. */
  readonly weight: Tensor;
  /** [outDim] */
  readonly bias: Tensor | undefined;
  readonly lora:
    | { readonly pair: LoraPair; readonly rank: number; readonly scale: number; readonly hidden: Tensor }
    | undefined;
}

/**
 * y[rows, outDim] = x Wᵀ + bias + scale · (x Aᵀ) Bᵀ (+ y when `accumulate`). Leaves x Aᵀ in `lora.hidden` [rows, rank] for the backward.
 */
export function projectForward(
  encoder: StepEncoder,
  projection: Projection,
  { x, y, rows, accumulate = false }: { x: Tensor; y: Tensor; rows: number; accumulate?: boolean },
): void {
  const { inDim, outDim, weight, bias, lora } = projection;
  linearForward(encoder, { x, weight, y, ...(bias && { bias }), rows, inDim, outDim, accumulate });
  projectHidden(encoder, projection, { x, rows });
  if (!lora) return;
  const { pair, rank, scale, hidden } = lora;
  linearForward(encoder, {
    x: hidden,
    weight: pair.b,
    y,
    rows,
    inDim: rank,
    outDim,
    accumulate: true,
    scale,
  });
}

/** x Aᵀ alone, into `lora.hidden`: what a backward needs of a forward. Nothing without an adapter. */
export function projectHidden(
  encoder: StepEncoder,
  { inDim, lora }: Projection,
  { x, rows }: { x: Tensor; rows: number },
): void {
  if (lora)
    linearForward(encoder, { x, weight: lora.pair.a, y: lora.hidden, rows, inDim, outDim: lora.rank });
}

/** Where a projection's gradients go; undefined means frozen. All are accumulated into. */
export interface ProjectionGradients {
  readonly weight: Tensor | undefined;
  readonly bias: Tensor | undefined;
  readonly lora: LoraPair | undefined;
}

/**
 * dx = dy W + scale · (dy B) A; dW += dyᵀ x; dbias += Σ_rows dy; dB += scale · dyᵀ (x Aᵀ); dA += (scale · dy B)ᵀ x.
 * x is read before dx is written, so that both may be one tensor. `dHidden` [rows, rank] is scratch for dy B.
 */
export function projectBackward(
  encoder: StepEncoder,
  projection: Projection,
  gradients: ProjectionGradients,
  args: {
    x: Tensor;
    dy: Tensor;
    dx: Tensor;
    rows: number;
    accumulate?: boolean;
    dHidden: Tensor | undefined;
  },
): void {
  const { inDim, outDim, weight, lora } = projection;
  const { x, dy, dx, rows, accumulate = false, dHidden } = args;
  const dims = { rows, inDim, outDim };
  if (gradients.weight)
    linearBackwardWeight(encoder, { dy, x, dWeight: gradients.weight, accumulate: true, ...dims });
  if (gradients.bias)
    linearBackwardBias(encoder, { dy, dBias: gradients.bias, rows, outDim, accumulate: true });
  if (!lora || !gradients.lora || !dHidden)
    return linearBackwardInput(encoder, { dy, weight, dx, accumulate, ...dims });
  const { pair, rank, scale, hidden } = lora;
  const up = { rows, inDim: rank, outDim };
  const down = { rows, inDim, outDim: rank };
  linearBackwardInput(encoder, { dy, weight: pair.b, dx: dHidden, scale, ...up });
  linearBackwardWeight(encoder, { dy, x: hidden, dWeight: gradients.lora.b, accumulate: true, scale, ...up });
  linearBackwardWeight(encoder, { dy: dHidden, x, dWeight: gradients.lora.a, accumulate: true, ...down });
  linearBackwardInput(encoder, { dy, weight, dx, accumulate, ...dims });
  linearBackwardInput(encoder, { dy: dHidden, weight: pair.a, dx, accumulate: true, ...down });
}
