import type { DecoderConfig, DecoderModel, LoraAdapter } from '../reference/decoder.ts';
import { testRandom, type TestRandom } from './random.ts';

export interface TinyVariant {
  readonly tied?: boolean;
  readonly attentionBias?: boolean;
  readonly headNorm?: boolean;
}

/** Odd sizes throughout, and grouped heads: nothing divides by a tile. */
const config: DecoderConfig = {
  vocab: 7,
  hidden: 5,
  layers: 2,
  heads: 3,
  kvHeads: 1,
  headDim: 4,
  ffn: 9,
  rmsNormEps: 1e-5,
  ropeTheta: 100,
};

/** A random decoder of a few hundred weights, small enough for finite differences. */
export function tinyModel(
  variant: TinyVariant,
  seed: number,
): DecoderModel & { parameters: Map<string, Float64Array> } {
  const random = testRandom(seed);
  const parameters = new Map<string, Float64Array>();
  parameters.set('model.embed_tokens.weight', random.normals(config.vocab * config.hidden));
  if (variant.tied === false) parameters.set('lm_head.weight', random.normals(config.vocab * config.hidden));
  parameters.set('model.norm.weight', gain(random, config.hidden));
  for (let l = 0; l < config.layers; l++) {
    const prefix = `model.layers.${l}`;
    parameters.set(`${prefix}.input_layernorm.weight`, gain(random, config.hidden));
    parameters.set(`${prefix}.post_attention_layernorm.weight`, gain(random, config.hidden));
    for (const [name, inDim, outDim] of projections(config)) {
      parameters.set(`${prefix}.${name}.weight`, random.normals(inDim * outDim, 1 / Math.sqrt(inDim)));
    }
    for (const [projection, width] of [
      ['q', config.heads],
      ['k', config.kvHeads],
      ['v', config.kvHeads],
    ] as const) {
      const bias = random.normals(width * config.headDim, 0.3);
      if (variant.attentionBias) parameters.set(`${prefix}.self_attn.${projection}_proj.bias`, bias);
      if (variant.headNorm && projection !== 'v') {
        parameters.set(`${prefix}.self_attn.${projection}_norm.weight`, gain(random, config.headDim));
      }
    }
  }
  return { config, parameters };
}

/** A random adapter of rank 2 on every projection, neither matrix zero. */
export function tinyAdapter(
  sizes: DecoderConfig,
  seed: number,
): LoraAdapter & { matrices: Map<string, Float64Array> } {
  const random = testRandom(seed);
  const rank = 2;
  const matrices = new Map<string, Float64Array>();
  for (let l = 0; l < sizes.layers; l++) {
    for (const [name, inDim, outDim] of projections(sizes)) {
      const prefix = `base_model.model.model.layers.${l}.${name}`;
      matrices.set(`${prefix}.lora_A.weight`, random.normals(rank * inDim, 1 / Math.sqrt(inDim)));
      matrices.set(`${prefix}.lora_B.weight`, random.normals(outDim * rank, 0.3));
    }
  }
  return { rank, alpha: 3, matrices };
}

/** Name, input size and output size of every projection of a layer. */
function projections({ hidden, heads, kvHeads, headDim, ffn }: DecoderConfig): [string, number, number][] {
  return [
    ['self_attn.q_proj', hidden, heads * headDim],
    ['self_attn.k_proj', hidden, kvHeads * headDim],
    ['self_attn.v_proj', hidden, kvHeads * headDim],
    ['self_attn.o_proj', heads * headDim, hidden],
    ['mlp.gate_proj', hidden, ffn],
    ['mlp.up_proj', hidden, ffn],
    ['mlp.down_proj', ffn, hidden],
  ];
}

function gain(random: TestRandom, size: number): Float64Array {
  return random.normals(size, 0.2).map(g => 1 + g);
}
