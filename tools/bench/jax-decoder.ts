import { nn, numpy as np } from '@jax-js/jax';
import type { DecoderConfig } from '../../src/model/config.ts';

/*
 * The decoder in jax-js, written so that its compiler has it easy: batched causal attention without packing, rotation by a view
 * instead of a concatenation, weights [out, in] as its dot product contracts them, a gather for the embedding.
 *
 * jax-js moves arrays: an operation consumes its operands, `.ref` keeps one for a further meter.
 */

export type Tensors = Record<string, np.Array>;

/** cos and sin of the rotary embedding, [tokens, 1, 1, headDim / 2] and, signed for both halves, [tokens, 1, 2, headDim / 2]. */
export function rotaryTables({ headDim, ropeTheta }: DecoderConfig, tokens: number): Tensors {
  const half = headDim / 2;
  const angle = (at: number): number => Math.floor(at / half) * ropeTheta ** (-(at % half) / half);
  const cos = Float32Array.from({ length: tokens * half }, (_, at) => Math.cos(angle(at)));
  const sin = Float32Array.from({ length: tokens * 2 * half }, (_, at) => {
    const token = Math.floor(at / (2 * half));
    const second = Math.floor(at / half) % 2 === 1;
    return Math.sin(angle(token * half + (at % half))) * (second ? 1 : -1);
  });
  return {
    cos: np.array(cos, { shape: [tokens, 1, 1, half] }),
    sin: np.array(sin, { shape: [tokens, 1, 2, half] }),
  };
}

/**
 * Mean cross-entropy over all tokens. Consumes its arguments.
 * @param ids int32 [sequences, tokens]
 * @param targets int32 [sequences · tokens]
 */
export function meanLoss(
  config: DecoderConfig,
  parameters: Tensors,
  { ids, targets, cos, sin }: { ids: np.Array; targets: np.Array; cos: np.Array; sin: np.Array },
): np.Array {
  const { layers, heads, kvHeads, headDim, normEps, dim, vocab } = config;
  const [sequences, tokens] = ids.shape as [number, number];
  const get = (name: string): np.Array => parameters[`${name}.weight`]!.ref;
  const project = (x: np.Array, name: string): np.Array => np.matmul(x, get(name).transpose());
  const norm = (x: np.Array, name: string): np.Array => {
    const variance = np.mean(np.square(x.ref), -1, { keepdims: true });
    return x.mul(np.reciprocal(np.sqrt(variance.add(normEps)))).mul(get(name));
  };
  const byHead = (x: np.Array, count: number): np.Array => x.reshape([sequences, tokens, count, headDim]);
  const turn = (x: np.Array, count: number): np.Array => {
    const halves = x.reshape([sequences, tokens, count, 2, headDim / 2]);
    const turned = halves.ref.mul(cos.ref).add(np.flip(halves, 3).mul(sin.ref));
    return byHead(turned, count);
  };

  let x = np.take(get('model.embed_tokens'), ids, 0);
  for (let layer = 0; layer < layers; layer++) {
    const prefix = `model.layers.${layer}`;
    const input = norm(x.ref, `${prefix}.input_layernorm`);
    const attended = nn.dotProductAttention(
      turn(project(input.ref, `${prefix}.self_attn.q_proj`), heads),
      turn(project(input.ref, `${prefix}.self_attn.k_proj`), kvHeads),
      byHead(project(input, `${prefix}.self_attn.v_proj`), kvHeads),
      { isCausal: true },
    );
    const joined = attended.reshape([sequences, tokens, heads * headDim]);
    x = x.add(project(joined, `${prefix}.self_attn.o_proj`));
    const ffnInput = norm(x.ref, `${prefix}.post_attention_layernorm`);
    const gate = nn.silu(project(ffnInput.ref, `${prefix}.mlp.gate_proj`));
    const up = project(ffnInput, `${prefix}.mlp.up_proj`);
    x = x.add(project(gate.mul(up), `${prefix}.mlp.down_proj`));
  }
  const hidden = norm(x, 'model.norm').reshape([sequences * tokens, dim]);
  const logits = project(hidden, 'model.embed_tokens');
  for (const array of [...Object.values(parameters), cos, sin]) array.dispose();
  return nn.logSoftmax(logits, -1).mul(nn.oneHot(targets, vocab)).sum(-1).mean().neg();
}
