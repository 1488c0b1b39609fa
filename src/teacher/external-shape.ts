import { onnxFault } from './faults.ts';

/** What is needed to feed an external decoder: read from `config.json`. */
export interface ExternalShape {
  readonly vocab: number;
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Longest sequence, where the file says so. */
  readonly contextLength: number;
  /** Ends an answer: the first where the file lists several. */
  readonly eos: number;
  readonly pad: number;
}

/**
 * Reads a parsed `config.json` of any decoder: head size and key-value heads follow from width and heads where they are left
 * out, as transformers does it.
 * @throws LabError `E_TEACHER_ONNX` naming the field.
 */
export function readExternalShape(config: unknown): ExternalShape {
  if (typeof config !== 'object' || config === null)
    throw onnxFault('config.json', 'this is not a model configuration', 'the whole file');
  const fields = config as Readonly<Record<string, unknown>>;
  const whole = (name: string, value: unknown, least: number): number => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least)
      throw onnxFault(
        'config.json',
        `${name} is ${JSON.stringify(value)}; a whole number of ${least} or more is needed`,
        name,
      );
    return value;
  };
  const field = (name: string, fallback?: unknown): number => whole(name, fields[name] ?? fallback, 1);
  const heads = field('num_attention_heads');
  const vocab = field('vocab_size');
  const token = (name: string, value: unknown): number => {
    const id = whole(name, Array.isArray(value) ? value[0] : value, 0);
    if (id >= vocab)
      throw onnxFault('config.json', `${name} ${id} is outside the vocabulary of ${vocab}`, name);
    return id;
  };
  const eos = token('eos_token_id', fields['eos_token_id']);
  return {
    vocab,
    layers: field('num_hidden_layers'),
    kvHeads: field('num_key_value_heads', heads),
    headDim:
      typeof fields['head_dim'] === 'number'
        ? field('head_dim')
        : whole('head_dim (hidden_size / num_attention_heads)', field('hidden_size') / heads, 1),
    contextLength: field('max_position_embeddings', Number.MAX_SAFE_INTEGER),
    eos,
    pad: token('pad_token_id', fields['pad_token_id'] ?? eos),
  };
}
