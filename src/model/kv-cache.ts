import type { StepEncoder } from '../gpu/encoder.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { attentionDecode } from '../kernels/attention/decode.ts';
import { attentionForward } from '../kernels/attention/attention.ts';
import { kvAppend } from '../kernels/kv-cache/kv-cache.ts';
import type { Activations } from './activations.ts';
import type { DecoderConfig } from './config.ts';
import { runLayers, type Decoder, type TokenRows } from './decoder-forward.ts';

/** Keys (after RoPE) and values of every layer, each [slots, capacity, kvHeads · headDim]. */
export interface KvCache {
  readonly slots: number;
  /** Positions per slot. */
  readonly capacity: number;
  readonly layers: readonly { readonly keys: Tensor; readonly values: Tensor }[];
}

export function createKvCache(
  memory: Memory,
  config: DecoderConfig,
  slots: number,
  capacity: number,
): KvCache {
  const length = slots * capacity * config.kvHeads * config.headDim;
  return {
    slots,
    capacity,
    layers: Array.from({ length: config.layers }, (_, layer) => ({
      keys: memory.tensor(`cache.${layer}.keys`, length),
      values: memory.tensor(`cache.${layer}.values`, length),
    })),
  };
}

/**
 * Runs packed prompts and writes their keys and values to the cache: row r goes to `slot[r]` (u32 [rows]) at its position.
 * `activations.hidden` holds every prompt position afterwards.
 */
export function prefill(
  encoder: StepEncoder,
  decoder: Decoder,
  batch: TokenRows & { readonly seqStart: Tensor; readonly slot: Tensor },
  activations: Activations,
  cache: KvCache,
): void {
  const { heads, kvHeads, headDim } = decoder.config;
  const { position, slot, seqStart } = batch;
  runLayers(encoder, decoder, batch, activations, (layer, { q, k, v, attention, logSumExp }, rows) => {
    kvAppend(encoder, {
      k,
      v,
      ...cache.layers[layer]!,
      slot,
      position,
      rows,
      kvDim: kvHeads * headDim,
      capacity: cache.capacity,
    });
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
  });
}

/**
 * One token for each slot: row b continues slot b at `position[b]`, attending everything cached up to and including it.
 * `activations.hidden` [slots, dim] predicts the next tokens.
 */
export function decodeStep(
  encoder: StepEncoder,
  decoder: Decoder,
  batch: TokenRows & { readonly slot: Tensor },
  activations: Activations,
  cache: KvCache,
): void {
  const { heads, kvHeads, headDim } = decoder.config;
  const { position, slot } = batch;
  const { capacity } = cache;
  runLayers(encoder, decoder, batch, activations, (layer, { q, k, v, attention }, rows) => {
    const { keys, values } = cache.layers[layer]!;
    kvAppend(encoder, { k, v, keys, values, slot, position, rows, kvDim: kvHeads * headDim, capacity });
    attentionDecode(encoder, {
      q,
      keys,
      values,
      out: attention,
      position,
      rows,
      heads,
      kvHeads,
      headDim,
      capacity,
    });
  });
}
