import { attentionBackward } from './attention.ts';
import { EMBEDDING, headName } from './decoder-forward.ts';
import type { DecoderForward, LayerForward, Normed } from './decoder-forward.ts';
import { accumulate, add, addInto, tensorOf, type DecoderModel, type Gradients } from './decoder.ts';
import { embedding, embeddingBackward } from './embedding.ts';
import { linearBackwardInput, linearBackwardWeight } from './linear.ts';
import type { PackedBatch } from './packed-batch.ts';
import { projectBackward, type Projection } from './projection.ts';
import { rmsNormBackward } from './rmsnorm.ts';
import { ropeBackward } from './rope.ts';
import { swigluBackward } from './swiglu.ts';

/**
 * Gradient of a scalar loss with respect to every parameter, and to every LoRA matrix of the adapter, from its gradient with
 * respect to the logits of forward.rows (dlogits [rows, vocab]). Mirrors decoderForward in reverse; a tied head adds to the
 * embedding's gradient. Base gradients are given whether or not an adapter is present: training an adapter ignores them.
 */
export function decoderBackward(
  model: DecoderModel,
  forward: DecoderForward,
  dlogits: ArrayLike<number>,
): Gradients {
  const { hidden, vocab } = model.config;
  const { batch, layers, norm, rows } = forward;
  const gradients: Gradients = new Map();
  const head = headName(model);
  const headShape = { rows: rows.length, inDim: hidden, outDim: vocab };

  accumulate(gradients, head, linearBackwardWeight(dlogits, embedding(norm.y, rows, hidden), headShape));
  const dpicked = linearBackwardInput(dlogits, tensorOf(model.parameters, head), headShape);
  const dhidden = embeddingBackward(dpicked, rows, { vocab: batch.ids.length, dim: hidden });
  let dx = normedBackward(model, 'model.norm', norm, dhidden, gradients);
  for (let l = layers.length - 1; l >= 0; l--) {
    dx = layerBackward(model, `model.layers.${l}`, layers[l]!, batch, dx, gradients);
  }
  accumulate(gradients, EMBEDDING, embeddingBackward(dx, batch.ids, { vocab, dim: hidden }));
  return gradients;
}

function layerBackward(
  model: DecoderModel,
  prefix: string,
  layer: LayerForward,
  { position, seqStart }: PackedBatch,
  dy: Float64Array,
  gradients: Gradients,
): Float64Array {
  const { heads, kvHeads, headDim, ropeTheta, ropeScaling } = model.config;
  const tokens = position.length;
  const back = (projection: Projection, d: Float64Array): Float64Array =>
    projectBackward(model, projection, d, gradients);

  const { dgate, dup } = swigluBackward(back(layer.down, dy), layer.gate.y, layer.up.y);
  const dffnIn = add(back(layer.gate, dgate), back(layer.up, dup));
  const dmiddle = normedBackward(
    model,
    `${prefix}.post_attention_layernorm`,
    layer.ffnNorm,
    dffnIn,
    gradients,
  );
  addInto(dmiddle, dy);

  const { dq, dk, dv } = attentionBackward(
    back(layer.o, dmiddle),
    { q: layer.rotatedQ, k: layer.rotatedK, v: layer.v.y, seqStart },
    layer.attention,
    { tokens, heads, kvHeads, headDim },
  );
  const turn = { rows: tokens, headDim, theta: ropeTheta, scaling: ropeScaling };
  let dqFlat = ropeBackward(dq, position, { ...turn, heads });
  let dkFlat = ropeBackward(dk, position, { ...turn, heads: kvHeads });
  if (layer.qNorm && layer.kNorm) {
    dqFlat = normedBackward(model, `${prefix}.self_attn.q_norm`, layer.qNorm, dqFlat, gradients);
    dkFlat = normedBackward(model, `${prefix}.self_attn.k_norm`, layer.kNorm, dkFlat, gradients);
  }
  const dattentionIn = back(layer.q, dqFlat);
  addInto(dattentionIn, back(layer.k, dkFlat));
  addInto(dattentionIn, back(layer.v, dv));
  const dx = normedBackward(model, `${prefix}.input_layernorm`, layer.attentionNorm, dattentionIn, gradients);
  addInto(dx, dmiddle);
  return dx;
}

function normedBackward(
  model: DecoderModel,
  name: string,
  { x, rstd }: Normed,
  dy: Float64Array,
  gradients: Gradients,
): Float64Array {
  const rows = rstd.length;
  const gain = tensorOf(model.parameters, `${name}.weight`);
  const { dx, dgain } = rmsNormBackward(dy, x, gain, rstd, { rows, dim: x.length / rows });
  accumulate(gradients, `${name}.weight`, dgain);
  return dx;
}
