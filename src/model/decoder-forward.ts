import type { StepEncoder } from '../gpu/encoder.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { attentionForward } from '../kernels/attention/attention.ts';
import { addInto } from '../kernels/elementwise/elementwise.ts';
import { embedTokens } from '../kernels/embedding/embed-tokens.ts';
import { rmsNormForward } from '../kernels/rmsnorm/rmsnorm.ts';
import { rope } from '../kernels/rope/rope.ts';
import { swigluForward } from '../kernels/swiglu/swiglu.ts';
import type { Activations, LayerActivations } from './activations.ts';
import type { DecoderConfig } from './config.ts';
import { projectionShape, type DecoderTensors, type ProjectionName } from './decoder-parameters.ts';
import type { LoraTensors } from './lora.ts';
import { projectForward, projectHidden, type Projection } from './projection.ts';

/** A decoder to run: shape, weights, an optional adapter, and RoPE's inverse frequencies [headDim / 2]. */
export interface Decoder {
  readonly config: DecoderConfig;
  readonly weights: DecoderTensors;
  readonly lora: LoraTensors | undefined;
  readonly inverseFrequencies: Tensor;
}

/** How a layer's queries meet keys: within a packed batch, or against a KV cache. */
export type Attend = (layer: number, activations: LayerActivations, rows: number) => void;

/** What a forward pass reads of a batch: token ids and positions, u32 [rows]. */
export interface TokenRows {
  readonly ids: Tensor;
  readonly position: Tensor;
  readonly rows: number;
}

/**
 * Forward pass of a Llama-style decoder (Touvron et al. 2023; with Qwen2's biases, with Qwen3's norms of each head's queries and keys
 * before RoPE) over packed tokens: fills `activations`, whose `hidden`
 * [rows, dim] is the final norm's output. Logits are the head's business, because they never exist whole.
 */
export function decoderForward(
  encoder: StepEncoder,
  decoder: Decoder,
  batch: TokenRows & { readonly seqStart: Tensor },
  activations: Activations,
): void {
  runLayers(encoder, decoder, batch, activations, attendPacked(encoder, decoder, batch.seqStart));
}

/** Recomputes a layer's activations from its input: the same kernels on the same rows, so the same bits. */
export function recomputeLayer(
  encoder: StepEncoder,
  decoder: Decoder,
  batch: TokenRows & { readonly seqStart: Tensor },
  activations: Activations,
  index: number,
): void {
  const attend = attendPacked(encoder, decoder, batch.seqStart);
  runLayer(encoder, decoder, batch, { index, activations: activations.layers[index]!, attend });
}

/** Attention within the sequences of a packed batch. */
function attendPacked(encoder: StepEncoder, { config }: Decoder, seqStart: Tensor): Attend {
  const { heads, kvHeads, headDim } = config;
  return (_, { q, k, v, attention, logSumExp }, rows) =>
    attentionForward(encoder, {
      q,
      k,
      v,
      out: attention,
      logSumExp,
      seqStart,
      rows,
      heads,
      kvHeads,
      headDim,
    });
}

/** The decoder with attention left to `attend`, which runs once q, k and v of a layer are ready. */
export function runLayers(
  encoder: StepEncoder,
  decoder: Decoder,
  batch: TokenRows,
  { layers, output, hidden }: Activations,
  attend: Attend,
): void {
  const { config, weights } = decoder;
  const { ids, rows } = batch;
  embedTokens(encoder, { table: weights.embedding, ids, x: layers[0]?.x ?? output, rows });
  for (const [index, activations] of layers.entries())
    runLayer(encoder, decoder, batch, { index, activations, attend, next: layers[index + 1]?.x ?? output });
  const { dim, normEps: eps } = config;
  rmsNormForward(encoder, { x: output, gain: weights.norm, y: hidden, rows, dim, eps });
}

/** One layer, from `activations.x` to the residual stream `next`; without `next` that last step, which no backward reads, is left out. */
function runLayer(
  encoder: StepEncoder,
  decoder: Decoder,
  { position, rows }: TokenRows,
  args: {
    readonly index: number;
    readonly activations: LayerActivations;
    readonly attend: Attend;
    readonly next?: Tensor;
  },
): void {
  const { config, weights, inverseFrequencies } = decoder;
  const { dim, ffn, heads, kvHeads, headDim, normEps: eps } = config;
  const { index, activations: layer, attend, next } = args;
  const { inputNorm, postNorm, headNorms } = weights.layers[index]!;
  const { x, attentionInput, headInputs, q, k, v, attention, middle, ffnInput, gate, up, product } = layer;
  const project = (name: ProjectionName, from: Tensor, y: Tensor): void =>
    projectForward(encoder, layerProjection(decoder, index, name, layer), { x: from, y, rows });

  rmsNormForward(encoder, { x, gain: inputNorm, y: attentionInput, rows, dim, eps });
  project('q_proj', attentionInput, headInputs?.q ?? q);
  project('k_proj', attentionInput, headInputs?.k ?? k);
  project('v_proj', attentionInput, v);
  if (headNorms && headInputs)
    for (const [from, gain, to, count] of [
      [headInputs.q, headNorms.q, q, heads],
      [headInputs.k, headNorms.k, k, kvHeads],
    ] as const)
      rmsNormForward(encoder, { x: from, gain, y: to, rows: rows * count, dim: headDim, eps });
  rope(encoder, { x: q, position, inverseFrequencies, rows, heads, headDim });
  rope(encoder, { x: k, position, inverseFrequencies, rows, heads: kvHeads, headDim });
  attend(index, layer, rows);
  project('o_proj', attention, middle);
  addInto(encoder, { x, y: middle, length: rows * dim });

  rmsNormForward(encoder, { x: middle, gain: postNorm, y: ffnInput, rows, dim, eps });
  project('gate_proj', ffnInput, gate);
  project('up_proj', ffnInput, up);
  swigluForward(encoder, { gate, up, out: product, rows, dim: ffn });
  if (!next)
    return projectHidden(encoder, layerProjection(decoder, index, 'down_proj', layer), { x: product, rows });
  project('down_proj', product, next);
  addInto(encoder, { x: middle, y: next, length: rows * dim });
}

/** The projection of a layer as forward and backward see it. */
export function layerProjection(
  { config, weights, lora }: Decoder,
  layer: number,
  name: ProjectionName,
  activations: LayerActivations,
): Projection {
  const pair = lora?.layers[layer]?.[name];
  const hidden = activations.loraHidden[name];
  if (pair && !hidden)
    throw new RangeError(`the activations were made without the adapter of layer ${layer}’s ${name}`);
  return {
    ...projectionShape(config, name),
    weight: weights.layers[layer]!.projections[name],
    bias: weights.layers[layer]!.biases[name],
    lora: lora && pair && hidden ? { pair, rank: lora.rank, scale: lora.scale, hidden } : undefined,
  };
}
