import type { RopeScaling } from './rope.ts';

/** Sizes of a Llama-style decoder, in Hugging Face's terms. */
export interface DecoderConfig {
  readonly vocab: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly ffn: number;
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  /** Llama 3's; absent or null for plain RoPE. */
  readonly ropeScaling?: RopeScaling | null;
}

/**
 * Tensors by their Hugging Face names (model.embed_tokens.weight, model.layers.0.self_attn.q_proj.weight …), row-major.
 * What is present decides the variant: `<projection>.bias` adds a bias (Qwen2), self_attn.q_norm.weight and k_norm.weight
 * normalise each head before RoPE (Qwen3), lm_head.weight unties the head from the embedding.
 */
export type TensorMap = ReadonlyMap<string, ArrayLike<number>>;

/**
 * LoRA on any set of projections: matrices by PEFT names, base_model.model.<projection>.lora_A.weight [rank, in] and
 * …lora_B.weight [out, rank]. A projection without a pair runs unadapted.
 */
export interface LoraAdapter {
  readonly rank: number;
  readonly alpha: number;
  readonly matrices: TensorMap;
}

export interface DecoderModel {
  readonly config: DecoderConfig;
  readonly parameters: TensorMap;
  readonly adapter?: LoraAdapter;
}

/** Gradients by the names of the parameters and of the adapter's matrices. */
export type Gradients = Map<string, Float64Array>;

/** The tensor of that name; throws if the model lacks it. */
export function tensorOf(tensors: TensorMap, name: string): ArrayLike<number> {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`tensor "${name}" is missing; present: ${[...tensors.keys()].join(', ')}`);
  return tensor;
}

/** Adds to the gradient of that name, creating it on first use. The value is copied. */
export function accumulate(gradients: Gradients, name: string, value: Float64Array): void {
  const sum = gradients.get(name);
  if (sum) addInto(sum, value);
  else gradients.set(name, value.slice());
}

/** target += value, element by element. */
export function addInto(target: Float64Array, value: ArrayLike<number>): void {
  for (let i = 0; i < target.length; i++) target[i]! += value[i]!;
}

/** a + b in a new array. */
export function add(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from(a, (x, i) => x + b[i]!);
}
