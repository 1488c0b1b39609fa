import type { StepEncoder } from '../gpu/encoder.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { attentionBackward } from '../kernels/attention/attention.ts';
import { embeddingBackward } from '../kernels/embedding/embedding.ts';
import { wholeTensor } from '../kernels/embedding/token-table.ts';
import { rmsNormBackward } from '../kernels/rmsnorm/rmsnorm.ts';
import { rope } from '../kernels/rope/rope.ts';
import { swigluBackward } from '../kernels/swiglu/swiglu.ts';
import type { Activations, BackwardScratch } from './activations.ts';
import { layerProjection, recomputeLayer, type Decoder } from './decoder-forward.ts';
import type { DecoderTensors, ProjectionName } from './decoder-parameters.ts';
import type { LoraTensors } from './lora.ts';
import type { PackedBatch } from './packed-batch.ts';
import { projectBackward } from './projection.ts';

/** Where gradients go: all weights (full fine-tuning) or the adapter's. All are accumulated into: zero them first. */
export type DecoderGradients =
  | { readonly kind: 'full'; readonly weights: DecoderTensors }
  | { readonly kind: 'lora'; readonly lora: LoraTensors };

/**
 * Backward pass: `decoderForward` in reverse, from `dHidden` [rows, dim], the gradient of the final norm's output.
 * Overwrites the activations' `gate`, `up` and `product`, with norms of the heads also `q` and `k`, and all of `scratch`; where only
 * the layers' inputs were saved, each layer's activations are computed again first. `dHidden` may be the activations' `hidden`.
 * The head's own gradient, tied or not, is the caller's (`divergenceHead`); the token embedding's is added here.
 */
export function decoderBackward(
  encoder: StepEncoder,
  decoder: Decoder,
  batch: PackedBatch,
  activations: Activations,
  args: { dHidden: Tensor; gradients: DecoderGradients; scratch: BackwardScratch },
): void {
  if (activations.saved === 'nothing')
    throw new RangeError('a backward needs the activations of every layer, or their inputs');
  const { config, weights, inverseFrequencies } = decoder;
  const { dim, ffn, heads, kvHeads, headDim, normEps: eps } = config;
  const { rows, position, seqStart, seqEnd } = batch;
  const { dHidden, gradients, scratch } = args;
  const { dx, dNormed, dAttention, dq, dk, dv, delta, normPartial: partial, dLoraHidden } = scratch;
  const full = gradients.kind === 'full' ? gradients.weights : undefined;
  const gainGradient = (dGain: Tensor | undefined): { dGain?: Tensor; partial?: Tensor } =>
    dGain ? { dGain, partial } : {};

  rmsNormBackward(encoder, {
    x: activations.output,
    gain: weights.norm,
    dy: dHidden,
    dx,
    rows,
    dim,
    eps,
    ...gainGradient(full?.norm),
  });
  for (let index = config.layers - 1; index >= 0; index--) {
    if (activations.saved === 'streams') recomputeLayer(encoder, decoder, batch, activations, index);
    const layer = activations.layers[index]!;
    const { inputNorm, postNorm, headNorms } = weights.layers[index]!;
    const fullLayer = full?.layers[index];
    const { x, attentionInput, headInputs, q, k, v, attention, logSumExp } = layer;
    const { middle, ffnInput, gate, up, product } = layer;
    const project = (
      name: ProjectionName,
      from: Tensor,
      dy: Tensor,
      dInput: Tensor,
      accumulate = false,
    ): void =>
      projectBackward(
        encoder,
        layerProjection(decoder, index, name, layer),
        {
          weight: fullLayer?.projections[name],
          bias: fullLayer?.biases[name],
          lora: gradients.kind === 'lora' ? gradients.lora.layers[index]![name] : undefined,
        },
        { x: from, dy, dx: dInput, rows, accumulate, dHidden: dLoraHidden },
      );

    // In place: the product is not read again.
    project('down_proj', product, dx, product);
    swigluBackward(encoder, { gate, up, dOut: product, rows, dim: ffn });
    project('gate_proj', ffnInput, gate, dNormed);
    project('up_proj', ffnInput, up, dNormed, true);
    rmsNormBackward(encoder, {
      x: middle,
      gain: postNorm,
      dy: dNormed,
      dx,
      rows,
      dim,
      eps,
      accumulate: true,
      ...gainGradient(fullLayer?.postNorm),
    });

    project('o_proj', attention, dx, dAttention);
    attentionBackward(encoder, {
      q,
      k,
      v,
      out: attention,
      dOut: dAttention,
      logSumExp,
      delta,
      dq,
      dk,
      dv,
      seqStart,
      seqEnd,
      rows,
      heads,
      kvHeads,
      headDim,
    });
    rope(encoder, { x: dq, position, inverseFrequencies, rows, heads, headDim, inverse: true });
    rope(encoder, { x: dk, position, inverseFrequencies, rows, heads: kvHeads, headDim, inverse: true });
    // Attention has read the rotated q and k for the last time: their buffers take the gradients before the norms.
    if (headNorms && headInputs)
      for (const [from, gain, dy, into, count, dGain] of [
        [headInputs.q, headNorms.q, dq, q, heads, fullLayer?.headNorms?.q],
        [headInputs.k, headNorms.k, dk, k, kvHeads, fullLayer?.headNorms?.k],
      ] as const)
        rmsNormBackward(encoder, {
          x: from,
          gain,
          dy,
          dx: into,
          rows: rows * count,
          dim: headDim,
          eps,
          ...gainGradient(dGain),
        });
    project('q_proj', attentionInput, headNorms ? q : dq, dNormed);
    project('k_proj', attentionInput, headNorms ? k : dk, dNormed, true);
    project('v_proj', attentionInput, dv, dNormed, true);
    rmsNormBackward(encoder, {
      x,
      gain: inputNorm,
      dy: dNormed,
      dx,
      rows,
      dim,
      eps,
      accumulate: true,
      ...gainGradient(fullLayer?.inputNorm),
    });
  }
  if (full) {
    const { order, runStart, runId, runs } = batch;
    embeddingBackward(encoder, {
      dx,
      dTable: wholeTensor(full.embedding),
      order,
      runStart,
      runId,
      runs,
      dim,
    });
  }
}
