import type { Tensor } from '../gpu/tensor.ts';
import type { DecoderConfig } from './config.ts';
import type { TokenTable } from '../kernels/embedding/token-table.ts';
import { layoutParameters, type ParameterLayout, type WeightStore } from './parameters.ts';

/** The seven linear maps of a layer, by their names in Hugging Face checkpoints. */
export const PROJECTIONS = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
] as const;
export type ProjectionName = (typeof PROJECTIONS)[number];

/** Input and output width of a projection. */
export function projectionShape(
  config: DecoderConfig,
  name: ProjectionName,
): { inDim: number; outDim: number } {
  const { dim, ffn, heads, kvHeads, headDim } = config;
  switch (name) {
    case 'q_proj':
      return { inDim: dim, outDim: heads * headDim };
    case 'k_proj':
    case 'v_proj':
      return { inDim: dim, outDim: kvHeads * headDim };
    case 'o_proj':
      return { inDim: heads * headDim, outDim: dim };
    case 'gate_proj':
    case 'up_proj':
      return { inDim: dim, outDim: ffn };
    case 'down_proj':
      return { inDim: ffn, outDim: dim };
  }
}

/** Path of a projection inside the checkpoint, without `.weight`. */
export function projectionPath(layer: number, name: ProjectionName): string {
  const block = name === 'gate_proj' || name === 'up_proj' || name === 'down_proj' ? 'mlp' : 'self_attn';
  return `model.layers.${layer}.${block}.${name}`;
}

/** Every parameter of the decoder with its checkpoint name and [out, in] shape. */
export function decoderLayout(config: DecoderConfig): ParameterLayout {
  const shapes: [string, number[]][] = [['model.embed_tokens.weight', [config.vocab, config.dim]]];
  for (let layer = 0; layer < config.layers; layer++) {
    shapes.push([`model.layers.${layer}.input_layernorm.weight`, [config.dim]]);
    for (const name of PROJECTIONS) {
      const { inDim, outDim } = projectionShape(config, name);
      shapes.push([`${projectionPath(layer, name)}.weight`, [outDim, inDim]]);
    }
    shapes.push([`model.layers.${layer}.post_attention_layernorm.weight`, [config.dim]]);
  }
  shapes.push(['model.norm.weight', [config.dim]]);
  return layoutParameters(shapes);
}

/** One value per parameter of the decoder: weights, or their gradients. */
export interface DecoderTensors {
  /** Token embedding and, tied, the head. */
  readonly embedding: TokenTable;
  readonly layers: readonly LayerTensors[];
  readonly norm: Tensor;
}

export interface LayerTensors {
  readonly inputNorm: Tensor;
  readonly postNorm: Tensor;
  readonly projections: Readonly<Record<ProjectionName, Tensor>>;
}

/** Parameters (of `decoderLayout`) under the names that the model code uses. */
export function decoderTensors(config: DecoderConfig, set: WeightStore): DecoderTensors {
  return {
    embedding: set.table('model.embed_tokens.weight'),
    layers: Array.from({ length: config.layers }, (_, layer) => ({
      inputNorm: set.tensor(`model.layers.${layer}.input_layernorm.weight`),
      postNorm: set.tensor(`model.layers.${layer}.post_attention_layernorm.weight`),
      projections: perProjection(name => set.tensor(`${projectionPath(layer, name)}.weight`)),
    })),
    norm: set.tensor('model.norm.weight'),
  };
}

/** A record with one value a projection. */
export function perProjection<T>(make: (name: ProjectionName) => T): Record<ProjectionName, T> {
  return Object.fromEntries(PROJECTIONS.map(name => [name, make(name)])) as Record<ProjectionName, T>;
}
