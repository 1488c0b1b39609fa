import { PROJECTIONS, type ProjectionName } from '../contract/projections.ts';
import type { Tensor } from '../gpu/tensor.ts';
import type { TokenTable } from '../kernels/embedding/token-table.ts';
import { outputBias, type DecoderConfig } from './config.ts';
import { layoutParameters, type ParameterLayout, type WeightStore } from './parameters.ts';

export { PROJECTIONS, type ProjectionName };

export const EMBEDDING = 'model.embed_tokens.weight';
const HEAD = 'lm_head.weight';

/** Checkpoint name of the head's matrix: the token embedding's where they are tied. */
export const headName = ({ tied }: DecoderConfig): string => (tied ? EMBEDDING : HEAD);

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

/** Whether a projection adds a bias. */
export function hasBias(config: DecoderConfig, name: ProjectionName): boolean {
  if (name === 'o_proj') return outputBias(config);
  return config.attentionBias && (name === 'q_proj' || name === 'k_proj' || name === 'v_proj');
}

/** Path of a projection inside the checkpoint, without `.weight` and `.bias`. */
export function projectionPath(layer: number, name: ProjectionName): string {
  const block = name === 'gate_proj' || name === 'up_proj' || name === 'down_proj' ? 'mlp' : 'self_attn';
  return `model.layers.${layer}.${block}.${name}`;
}

/** Name of the gain of the norm of each head's queries or keys. */
export const headNormName = (layer: number, side: 'q' | 'k'): string =>
  `model.layers.${layer}.self_attn.${side}_norm.weight`;

/** Every parameter of the decoder with its checkpoint name; matrices are [out, in], biases [out], gains [width]. */
export function decoderLayout(config: DecoderConfig): ParameterLayout {
  const shapes: [string, number[]][] = [[EMBEDDING, [config.vocab, config.dim]]];
  for (let layer = 0; layer < config.layers; layer++) {
    shapes.push([`model.layers.${layer}.input_layernorm.weight`, [config.dim]]);
    for (const name of PROJECTIONS) {
      const { inDim, outDim } = projectionShape(config, name);
      shapes.push([`${projectionPath(layer, name)}.weight`, [outDim, inDim]]);
      if (hasBias(config, name)) shapes.push([`${projectionPath(layer, name)}.bias`, [outDim]]);
    }
    for (const side of config.qkNorm ? (['q', 'k'] as const) : [])
      shapes.push([headNormName(layer, side), [config.headDim]]);
    shapes.push([`model.layers.${layer}.post_attention_layernorm.weight`, [config.dim]]);
  }
  shapes.push(['model.norm.weight', [config.dim]]);
  if (!config.tied) shapes.push([HEAD, [config.vocab, config.dim]]);
  return layoutParameters(shapes);
}

/** Parameters with one row a token, which frozen weights may cut into shards. */
export const TABLES: ReadonlySet<string> = new Set([EMBEDDING, HEAD]);

/** One value per parameter of the decoder: weights, or their gradients. */
export interface DecoderTensors {
  readonly embedding: TokenTable;
  /** The head that turns hidden states into logits: the embedding itself where they are tied. */
  readonly head: TokenTable;
  readonly layers: readonly LayerTensors[];
  readonly norm: Tensor;
}

export interface LayerTensors {
  readonly inputNorm: Tensor;
  readonly postNorm: Tensor;
  readonly projections: Readonly<Record<ProjectionName, Tensor>>;
  /** [outDim] of each projection that has one. */
  readonly biases: Readonly<Record<ProjectionName, Tensor | undefined>>;
  /** Gains [headDim] of the norms of each head's queries and keys, where the model has them. */
  readonly headNorms: { readonly q: Tensor; readonly k: Tensor } | undefined;
}

/** Parameters (of `decoderLayout`) under the names that the model code uses. */
export function decoderTensors(config: DecoderConfig, set: WeightStore): DecoderTensors {
  const embedding = set.table(EMBEDDING);
  return {
    embedding,
    head: config.tied ? embedding : set.table(HEAD),
    layers: Array.from({ length: config.layers }, (_, layer) => ({
      inputNorm: set.tensor(`model.layers.${layer}.input_layernorm.weight`),
      postNorm: set.tensor(`model.layers.${layer}.post_attention_layernorm.weight`),
      projections: perProjection(name => set.tensor(`${projectionPath(layer, name)}.weight`)),
      biases: perProjection(name =>
        hasBias(config, name) ? set.tensor(`${projectionPath(layer, name)}.bias`) : undefined,
      ),
      headNorms: config.qkNorm
        ? { q: set.tensor(headNormName(layer, 'q')), k: set.tensor(headNormName(layer, 'k')) }
        : undefined,
    })),
    norm: set.tensor('model.norm.weight'),
  };
}

/** A record with one value a projection. */
export function perProjection<T>(make: (name: ProjectionName) => T): Record<ProjectionName, T> {
  return Object.fromEntries(PROJECTIONS.map(name => [name, make(name)])) as Record<ProjectionName, T>;
}
