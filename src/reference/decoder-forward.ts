import { attention, type AttentionResult } from './attention.ts';
import { add, tensorOf, type DecoderModel } from './decoder.ts';
import { embedding } from './embedding.ts';
import { linear } from './linear.ts';
import type { PackedBatch } from './packed-batch.ts';
import { project, type Projection } from './projection.ts';
import { rmsNorm, type RmsNormResult } from './rmsnorm.ts';
import { rope } from './rope.ts';
import { swiglu } from './swiglu.ts';

/** A normalised input kept with what produced it. */
export interface Normed extends RmsNormResult {
  readonly x: Float64Array;
}

export interface LayerForward {
  readonly attentionNorm: Normed;
  readonly q: Projection;
  readonly k: Projection;
  readonly v: Projection;
  /** Present where the model normalises each head of q and k. */
  readonly qNorm?: Normed;
  readonly kNorm?: Normed;
  readonly rotatedQ: Float64Array;
  readonly rotatedK: Float64Array;
  readonly attention: AttentionResult;
  readonly o: Projection;
  readonly ffnNorm: Normed;
  readonly gate: Projection;
  readonly up: Projection;
  readonly down: Projection;
}

export interface DecoderForward {
  readonly batch: PackedBatch;
  readonly layers: readonly LayerForward[];
  /** Final RMSNorm; its y is the hidden states before the head, [tokens, hidden]. */
  readonly norm: Normed;
  /** Tokens whose logits were asked for. */
  readonly rows: Uint32Array;
  /** [rows, vocab]; row r holds the prediction of the token after rows[r]. */
  readonly logits: Float64Array;
}

/**
 * Pre-norm decoder over a packed batch: x = embedding; per layer x += o(attention(rope(q), rope(k), v)) of rmsNorm(x), then
 * x += down(swiglu(gate, up)) of rmsNorm(x); logits = head · rmsNorm(x) for the tokens in `rows`. f64 throughout.
 */
export function decoderForward(
  model: DecoderModel,
  batch: PackedBatch,
  rows: ArrayLike<number>,
): DecoderForward {
  const { config, parameters } = model;
  const layers: LayerForward[] = [];
  let x = embedding(tensorOf(parameters, EMBEDDING), batch.ids, config.hidden);
  for (let l = 0; l < config.layers; l++) {
    const layer = layerForward(model, `model.layers.${l}`, x, batch);
    layers.push(layer);
    x = add(layer.ffnNorm.x, layer.down.y);
  }
  const norm = normed(model, 'model.norm', x, config.hidden);
  const picked = Uint32Array.from(rows);
  const logits = linear(embedding(norm.y, picked, config.hidden), tensorOf(parameters, headName(model)), {
    rows: picked.length,
    inDim: config.hidden,
    outDim: config.vocab,
  });
  return { batch, layers, norm, rows: picked, logits };
}

export const EMBEDDING = 'model.embed_tokens.weight';

/** The head's matrix: lm_head.weight, or the embedding where they are tied. */
export function headName({ parameters }: DecoderModel): string {
  return parameters.has('lm_head.weight') ? 'lm_head.weight' : EMBEDDING;
}

function layerForward(
  model: DecoderModel,
  prefix: string,
  x: Float64Array,
  batch: PackedBatch,
): LayerForward {
  const { hidden, heads, kvHeads, headDim, ffn, ropeTheta, ropeScaling } = model.config;
  const tokens = batch.ids.length;
  const { position, seqStart } = batch;
  const through = (name: string, input: Float64Array, inDim: number, outDim: number): Projection =>
    project(model, `${prefix}.${name}`, input, { rows: tokens, inDim, outDim });

  const attentionNorm = normed(model, `${prefix}.input_layernorm`, x, hidden);
  const q = through('self_attn.q_proj', attentionNorm.y, hidden, heads * headDim);
  const k = through('self_attn.k_proj', attentionNorm.y, hidden, kvHeads * headDim);
  const v = through('self_attn.v_proj', attentionNorm.y, hidden, kvHeads * headDim);
  const headNorms = model.parameters.has(`${prefix}.self_attn.q_norm.weight`) && {
    qNorm: normed(model, `${prefix}.self_attn.q_norm`, q.y, headDim),
    kNorm: normed(model, `${prefix}.self_attn.k_norm`, k.y, headDim),
  };
  const turn = { rows: tokens, headDim, theta: ropeTheta, scaling: ropeScaling };
  const rotatedQ = rope(headNorms ? headNorms.qNorm.y : q.y, position, { ...turn, heads });
  const rotatedK = rope(headNorms ? headNorms.kNorm.y : k.y, position, { ...turn, heads: kvHeads });
  const attended = attention(
    { q: rotatedQ, k: rotatedK, v: v.y, seqStart },
    { tokens, heads, kvHeads, headDim },
  );
  const o = through('self_attn.o_proj', attended.out, heads * headDim, hidden);

  const ffnNorm = normed(model, `${prefix}.post_attention_layernorm`, add(x, o.y), hidden);
  const gate = through('mlp.gate_proj', ffnNorm.y, hidden, ffn);
  const up = through('mlp.up_proj', ffnNorm.y, hidden, ffn);
  const down = through('mlp.down_proj', swiglu(gate.y, up.y), ffn, hidden);
  return {
    attentionNorm,
    q,
    k,
    v,
    ...headNorms,
    rotatedQ,
    rotatedK,
    attention: attended,
    o,
    ffnNorm,
    gate,
    up,
    down,
  };
}

function normed(model: DecoderModel, name: string, x: Float64Array, dim: number): Normed {
  const gain = tensorOf(model.parameters, `${name}.weight`);
  return { x, ...rmsNorm(x, gain, model.config.rmsNormEps, { rows: x.length / dim, dim }) };
}
