import type { RopeScaling } from '../kernels/rope/frequencies.ts';
import { MAX_END_TOKENS } from '../kernels/sampling/end-tokens.ts';
import { ConfigFields, UnsupportedConfigError } from './config-fields.ts';
import { readRope, writeRope } from './config-rope.ts';

export { UnsupportedConfigError } from './config-fields.ts';

/** Families of decoders, by their `model_type` in Hugging Face's configurations. */
export type ModelFamily = 'llama' | 'qwen2' | 'qwen3';

/** Shape of a decoder with RMSNorm before each block, RoPE, grouped-query attention and SwiGLU. */
export interface DecoderConfig {
  readonly family: ModelFamily;
  readonly vocab: number;
  readonly dim: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly ffn: number;
  readonly normEps: number;
  readonly ropeTheta: number;
  /** Llama 3's change of the frequencies; null for none. */
  readonly ropeScaling: RopeScaling | null;
  /** Whether queries, keys and values have a bias; but for Qwen2 the attention's output has one too (`outputBias`). */
  readonly attentionBias: boolean;
  /** Whether each head of queries and keys passes an RMSNorm before RoPE. */
  readonly qkNorm: boolean;
  /** Whether the head is the token embedding. */
  readonly tied: boolean;
  /** Longest sequence the model was made for. */
  readonly contextLength: number;
  readonly bos: number | null;
  /** Tokens that end a turn, 1 to `MAX_END_TOKENS`. */
  readonly eos: readonly number[];
  /** As the file says; what fills the cells behind an answer is `fillerToken`. */
  readonly pad: number | null;
}

/** What plain Llamas with tied embeddings have in common: the embedded models. */
export const PLAIN_LLAMA = {
  family: 'llama',
  attentionBias: false,
  qkNorm: false,
  tied: true,
  ropeScaling: null,
} as const satisfies Partial<DecoderConfig>;

/** Whether the projection of the attention's output has a bias. */
export const outputBias = ({ attentionBias, family }: DecoderConfig): boolean =>
  attentionBias && family !== 'qwen2';

/**
 * The token that fills a rollout's cells after its end of turn: the pad token, or the lowest id that does not end turns if there is no pad
 * token or it ends turns itself, as in many chat models. It is never fed and never scored: an answer is cut after its first end of turn,
 * and packed batches have no padding. So a sampled end of turn is always trained on, and none is ever mistaken for padding.
 */
export function fillerToken({ pad, eos }: Pick<DecoderConfig, 'pad' | 'eos'>): number {
  if (pad !== null && !eos.includes(pad)) return pad;
  let id = 0;
  while (eos.includes(id)) id++;
  return id;
}

/** What transformers assumes where `config.json` is silent, and what it calls the model. */
const FAMILIES = {
  llama: { architecture: 'LlamaForCausalLM', contextLength: 2048, kvHeads: null, headDim: null },
  qwen2: { architecture: 'Qwen2ForCausalLM', contextLength: 32_768, kvHeads: 32, headDim: null },
  qwen3: { architecture: 'Qwen3ForCausalLM', contextLength: 32_768, kvHeads: 32, headDim: 128 },
} as const satisfies Record<ModelFamily, object>;

/**
 * Reads `config.json` in Hugging Face's layout. Only what this engine computes exactly is accepted: Llama, Qwen2 and Qwen3 without
 * sliding windows, biases of the feed-forward, quantisation or a RoPE other than the plain one and Llama 3's.
 * @throws UnsupportedConfigError naming the field.
 */
export function readConfig(json: unknown): DecoderConfig {
  const fields = new ConfigFields(json);
  const family = fields.oneOf('model_type', Object.keys(FAMILIES) as ModelFamily[]);
  const defaults = FAMILIES[family];
  fields.only('hidden_act', 'silu');
  fields.only('mlp_bias', false);
  fields.only('use_sliding_window', false);
  fields.only('quantization_config', null);
  const layerTypes = fields.get('layer_types');
  if (Array.isArray(layerTypes) && layerTypes.some(type => type !== 'full_attention'))
    throw fields.refusal('layer_types', 'only "full_attention" is supported');

  const vocab = fields.count('vocab_size');
  const dim = fields.count('hidden_size');
  const heads = fields.count('num_attention_heads');
  const kvHeads = fields.has('num_key_value_heads')
    ? fields.count('num_key_value_heads', heads)
    : (defaults.kvHeads ?? heads);
  const headDim = fields.count('head_dim', defaults.headDim ?? dim / heads);
  if (kvHeads === 0 || heads % kvHeads !== 0)
    throw new UnsupportedConfigError(
      `config.json: ${heads} heads cannot share ${kvHeads} key-value heads evenly`,
    );
  if (headDim % 2 !== 0) throw fields.refusal('head_dim', `${headDim} is odd, and RoPE rotates pairs`);
  const contextLength = fields.count('max_position_embeddings', defaults.contextLength);
  const isLlama = family === 'llama';
  return {
    family,
    vocab,
    dim,
    heads,
    kvHeads,
    headDim,
    contextLength,
    layers: fields.count('num_hidden_layers'),
    ffn: fields.count('intermediate_size'),
    normEps: fields.real('rms_norm_eps', 1e-6),
    ...readRope(fields, contextLength),
    // transformers gives every Qwen2 these biases, whatever the file says.
    attentionBias: family === 'qwen2' || fields.flag('attention_bias', false),
    qkNorm: family === 'qwen3',
    tied: fields.flag('tie_word_embeddings', false),
    bos: readToken(fields, 'bos_token_id', isLlama ? 1 : null),
    eos: readEndTokens(fields, isLlama ? 2 : null),
    pad: readToken(fields, 'pad_token_id', null),
  };
}

/** An id, or null; −1 means none in older files. */
function readToken(fields: ConfigFields, name: string, absent: number | null): number | null {
  const value = fields.has(name) ? fields.get(name) : absent;
  if (value === null || value === -1) return null;
  if (isToken(value)) return value;
  throw fields.refusal(name, 'a whole number is needed');
}

function readEndTokens(fields: ConfigFields, absent: number | null): readonly number[] {
  const value = fields.has('eos_token_id') ? fields.get('eos_token_id') : absent;
  const ids: unknown[] = [...new Set(Array.isArray(value) ? value : [value])];
  if (ids.length >= 1 && ids.length <= MAX_END_TOKENS && ids.every(isToken)) return ids;
  throw fields.refusal('eos_token_id', `1 to ${MAX_END_TOKENS} whole numbers are needed`);
}

const isToken = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;

/** The same shape as `config.json` of Hugging Face's layout, for export. */
export function writeConfig(config: DecoderConfig): Readonly<Record<string, unknown>> {
  const { family, eos } = config;
  return {
    architectures: [FAMILIES[family].architecture],
    model_type: family,
    hidden_size: config.dim,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.headDim,
    intermediate_size: config.ffn,
    vocab_size: config.vocab,
    rms_norm_eps: config.normEps,
    rope_theta: config.ropeTheta,
    tie_word_embeddings: config.tied,
    hidden_act: 'silu',
    max_position_embeddings: config.contextLength,
    ...(family === 'qwen2' ? {} : { attention_bias: config.attentionBias }),
    ...(family === 'llama' ? { mlp_bias: false } : { use_sliding_window: false }),
    rope_scaling: writeRope(config.ropeScaling),
    bos_token_id: config.bos,
    eos_token_id: eos.length === 1 ? eos[0] : eos,
    pad_token_id: config.pad,
  };
}
