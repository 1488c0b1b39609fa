/** Shape of a Llama-style decoder: RMSNorm before each block, RoPE, grouped-query attention, SwiGLU, tied head. */
export interface DecoderConfig {
  readonly vocab: number;
  readonly dim: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly ffn: number;
  readonly normEps: number;
  readonly ropeTheta: number;
  /** Longest sequence the model was made for. */
  readonly contextLength: number;
  readonly bos: number;
  readonly eos: number;
  readonly pad: number;
}

/** `config.json` of a model folder in Hugging Face layout, as far as it is read. */
export interface HuggingFaceConfig {
  readonly architectures: readonly string[];
  readonly model_type: string;
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly intermediate_size: number;
  readonly vocab_size: number;
  readonly rms_norm_eps: number;
  readonly rope_theta: number;
  readonly tie_word_embeddings: boolean;
  readonly hidden_act: string;
  readonly max_position_embeddings: number;
  readonly attention_bias: boolean;
  readonly mlp_bias: boolean;
  readonly rope_scaling: unknown;
  readonly bos_token_id: number;
  readonly eos_token_id: number;
  readonly pad_token_id: number;
}

/** Why a configuration was refused, in one message that names field, value and what is supported. */
export class UnsupportedConfigError extends Error {
  override readonly name = 'UnsupportedConfigError';
}

/**
 * Reads `config.json`. Only what this engine computes exactly is accepted.
 * @throws UnsupportedConfigError naming the field.
 */
export function readConfig(json: unknown): DecoderConfig {
  if (typeof json !== 'object' || json === null)
    throw new UnsupportedConfigError('config.json is not an object');
  const fields = json as Partial<Record<keyof HuggingFaceConfig, unknown>>;
  const count = (name: keyof HuggingFaceConfig, fallback?: number): number => {
    const value = fields[name] ?? fallback;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
      throw new UnsupportedConfigError(
        `config.json: ${name} is ${JSON.stringify(value)}; a whole number is needed`,
      );
    return value;
  };
  const real = (name: keyof HuggingFaceConfig, fallback: number): number => {
    const value = fields[name] ?? fallback;
    if (typeof value !== 'number' || !(value > 0) || !Number.isFinite(value))
      throw new UnsupportedConfigError(
        `config.json: ${name} is ${JSON.stringify(value)}; a positive number is needed`,
      );
    return value;
  };
  const only = (name: keyof HuggingFaceConfig, expected: unknown, absent = expected): void => {
    const value = fields[name] ?? absent;
    if (value !== expected)
      throw new UnsupportedConfigError(
        `config.json: ${name} is ${String(value)}; only ${String(expected)} is supported`,
      );
  };
  only('model_type', 'llama');
  only('hidden_act', 'silu');
  // transformers takes a Llama without this field as untied.
  only('tie_word_embeddings', true, false);
  only('rope_scaling', null);
  only('mlp_bias', false);
  only('attention_bias', false);
  const dim = count('hidden_size');
  const heads = count('num_attention_heads');
  const kvHeads = count('num_key_value_heads', heads);
  const headDim = count('head_dim', dim / heads);
  if (kvHeads === 0 || heads % kvHeads !== 0)
    throw new UnsupportedConfigError(
      `config.json: ${heads} heads cannot share ${kvHeads} key-value heads evenly`,
    );
  if (headDim % 2 !== 0)
    throw new UnsupportedConfigError(`config.json: head_dim ${headDim} is odd; RoPE rotates pairs`);
  return {
    vocab: count('vocab_size'),
    dim,
    layers: count('num_hidden_layers'),
    heads,
    kvHeads,
    headDim,
    ffn: count('intermediate_size'),
    normEps: real('rms_norm_eps', 1e-6),
    ropeTheta: real('rope_theta', 10_000),
    contextLength: count('max_position_embeddings', 2048),
    bos: count('bos_token_id', 1),
    eos: count('eos_token_id', 2),
    pad: count('pad_token_id', 0),
  };
}

/** The same shape as `config.json`, for export. */
export function writeConfig(config: DecoderConfig): HuggingFaceConfig {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: config.dim,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.headDim,
    intermediate_size: config.ffn,
    vocab_size: config.vocab,
    rms_norm_eps: config.normEps,
    rope_theta: config.ropeTheta,
    tie_word_embeddings: true,
    hidden_act: 'silu',
    max_position_embeddings: config.contextLength,
    attention_bias: false,
    mlp_bias: false,
    rope_scaling: null,
    bos_token_id: config.bos,
    eos_token_id: config.eos,
    pad_token_id: config.pad,
  };
}
