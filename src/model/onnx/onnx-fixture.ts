import type { InferenceSession, Tensor, TypedTensor } from 'onnxruntime-web';
import { decoderForward } from '../../reference/decoder-forward.ts';
import type { DecoderModel } from '../../reference/decoder.ts';
import { packSequences } from '../../reference/packed-batch.ts';
import type { DecoderConfig } from '../config.ts';
import { decoderLayout } from '../decoder-parameters.ts';
import type { NamedArrays } from '../parameters.ts';

/** What is used of onnxruntime-web: its builds for Node, wasm and WebGPU have the same face. */
export interface Runtime {
  readonly InferenceSession: { create: (typeof InferenceSession)['create'] };
  readonly Tensor: typeof Tensor;
}

/** Keys and values of all layers by their input names, each [sequences, kvHeads, length, headDim]. */
export type Cache = Readonly<Record<string, Tensor>>;

export interface RunResult {
  /** Of each sequence, one row of [vocab] a token that was fed. */
  readonly logits: readonly (readonly Float32Array[])[];
  readonly cache: Cache;
}

/** Sizes and f32 weights of a reference model as the engine takes them; which tensors it has says what family it is of. */
export function engineModel(model: DecoderModel): { config: DecoderConfig; arrays: NamedArrays } {
  const { hidden: dim, rmsNormEps: normEps, ...sizes } = model.config;
  const has = (name: string): boolean => model.parameters.has(name);
  const attentionBias = has('model.layers.0.self_attn.q_proj.bias');
  const qkNorm = has('model.layers.0.self_attn.q_norm.weight');
  const onlyInputs = attentionBias && !has('model.layers.0.self_attn.o_proj.bias');
  const config: DecoderConfig = {
    ropeScaling: null,
    ...sizes,
    dim,
    normEps,
    contextLength: 64,
    bos: 1,
    eos: [2],
    pad: 0,
    attentionBias,
    qkNorm,
    tied: !has('lm_head.weight'),
    family: qkNorm ? 'qwen3' : onlyInputs ? 'qwen2' : 'llama',
  };
  const arrays = decoderLayout(config).entries.map(({ name, shape }) => {
    const data = Float32Array.from(model.parameters.get(name)!);
    return [name, { shape, data }] as const;
  });
  return { config, arrays: new Map(arrays) };
}

/** The reverse: a model of the f64 reference with these weights. */
export function referenceModel(config: DecoderConfig, arrays: NamedArrays): DecoderModel {
  const { dim: hidden, normEps: rmsNormEps, ...sizes } = config;
  const parameters = new Map([...arrays].map(([name, { data }]) => [name, Float64Array.from(data)]));
  return { config: { ...sizes, hidden, rmsNormEps }, parameters };
}

/** Copies of the weights with each value rounded to the nearest f16, by other arithmetic than the exporter's. */
export function roundedToHalf(arrays: NamedArrays): NamedArrays {
  return new Map(
    [...arrays].map(([name, { shape, data }]) => [name, { shape, data: data.map(nearestHalf) }]),
  );
}

/** The nearest number of eleven significant bits, or multiple of 2^-24 where that is coarser; ties go to even ones. */
function nearestHalf(value: number): number {
  const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), -14) - 10);
  // Adding 1.5 · 2^52 leaves no fraction: f64 itself rounds, and to even.
  return (value / unit + 1.5 * 2 ** 52 - 1.5 * 2 ** 52) * unit;
}

/** Logits of the f64 reference, of each sequence one row of [vocab] a token. */
export function referenceLogits(
  model: DecoderModel,
  sequences: readonly (readonly number[])[],
): Float64Array[][] {
  const batch = packSequences(sequences);
  const { logits } = decoderForward(
    model,
    batch,
    batch.ids.map((_, row) => row),
  );
  const { vocab } = model.config;
  let row = 0;
  return sequences.map(ids => ids.map(() => logits.subarray(row * vocab, ++row * vocab)));
}

export function emptyCache(runtime: Runtime, config: DecoderConfig, sequences: number): Cache {
  const shape = [sequences, config.kvHeads, 0, config.headDim];
  const parts = Array.from({ length: config.layers }, (_, layer) => [
    `${layer}.key`,
    `${layer}.value`,
  ]).flat();
  return Object.fromEntries(
    parts.map(part => [`past_key_values.${part}`, new runtime.Tensor('float32', new Float32Array(0), shape)]),
  );
}

/**
 * Feeds the next tokens of each sequence, as many of each, with what went before in the cache.
 * @param mask of each sequence, 1 or 0 for every token so far and now; a token's position is the number of ones before it
 */
export async function runOnnx(
  runtime: Runtime,
  session: InferenceSession,
  ids: readonly (readonly number[])[],
  mask: readonly (readonly number[])[],
  cache: Cache,
): Promise<RunResult> {
  const integers = (rows: readonly (readonly number[])[]): Tensor =>
    new runtime.Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]!.length]);
  const fed = ids[0]!.length;
  const position = mask.map(row => {
    let seen = 0;
    // A pad token stands nowhere; transformers.js gives it position 1.
    return row.map(kept => (kept ? seen++ : 1)).slice(-fed);
  });
  const outputs = await session.run({
    input_ids: integers(ids),
    attention_mask: integers(mask),
    position_ids: integers(position),
    ...cache,
  });
  const logits = outputs['logits'] as TypedTensor<'float32'>;
  const vocab = logits.dims[2]!;
  const all = await logits.getData();
  return {
    logits: ids.map((row, s) =>
      row.map((_, t) => all.subarray((s * fed + t) * vocab, (s * fed + t + 1) * vocab)),
    ),
    cache: Object.fromEntries(
      Object.entries(outputs)
        .filter(([name]) => name.startsWith('present.'))
        .map(([name, tensor]) => [name.replace('present', 'past_key_values'), tensor]),
    ),
  };
}
