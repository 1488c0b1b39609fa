import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import type { PackedSequence } from '../model/packed-batch.ts';
import type { Rollout, Sampling } from '../model/rollout-types.ts';
import { readExternalShape, type ExternalShape } from './external-shape.ts';
import { generateAnswers } from './generate.ts';
import { openSession, type ExternalModelFiles } from './open-session.ts';
import { OrtDecoder, type Execution } from './ort-decoder.ts';
import { probeSession } from './probe-session.ts';
import { scoreSequences, type Limits } from './score.ts';

/**
 * An external decoder with KV cache, run by onnxruntime-web, as scorer and generator: the frontier teacher. It owns its session and one
 * tensor of logits; one call at a time.
 */
export interface ExternalModel {
  readonly name: string;
  readonly vocab: number;
  readonly execution: Execution;
  /** Whether prompts of different lengths run in one batch: not with exports that misread padding. */
  readonly padded: boolean;
  /**
   * Logits that predict each scored token, in the order of the sequences, written into the first rows of `logits`, f32 [Σ
   * scored, vocab]. They are on the GPU for whatever is submitted after this settles, and under WebGPU never left it.
   * @throws RangeError for ids beyond the vocabulary, a sequence beyond the context, or too short a tensor; LabError
   * `E_TEACHER_ONNX`; DeviceLostError; OutOfGpuMemoryError.
   */
  score(sequences: readonly PackedSequence[], logits: Tensor): Promise<void>;
  /**
   * One answer to each prompt, with the engine's sampling kernel: the random number of a token is that of `RolloutEngine.run`
   * with the same seed, stream, step and row. Tokens end with the end-of-turn token unless cut at `maxNewTokens`. @throws as
   * `score`.
   */
  generate(prompts: readonly Uint32Array[], sampling: Sampling, maxNewTokens: number): Promise<Rollout[]>;
  /** Ends the session and frees its memory. Release a model before its device is replaced. */
  release(): Promise<void>;
}

export interface ExternalModelOptions {
  /**
   * Where to compute. By default `webgpu`, but `wasm` on a software adapter, where onnxruntime's WebGPU kernels took tens of times as long.
   * `webgpu` falls back to `wasm` if the device cannot be shared or the model does not open on it.
   */
  readonly execution?: Execution;
  /** The token that ends an answer; default is that of config.json. */
  readonly eos?: number;
  /** Bytes that the logits of one run may take; default 64 MiB. */
  readonly logitBytes?: number;
  /** Sequences that run together; default 16. Each holds a KV cache. */
  readonly batch?: number;
}

/**
 * Opens an ONNX decoder on `gpu`'s device, checks it against its config.json and tries it on a few tokens. `memory` counts
 * the tensors that are ours; onnxruntime's own (weights, cache) are not counted.
 * @throws LabError `E_TEACHER_ONNX`, `E_TEACHER_DEAD`.
 */
export async function openExternalModel(
  gpu: Gpu,
  memory: Memory,
  source: ExternalModelFiles,
  options: ExternalModelOptions = {},
): Promise<ExternalModel> {
  const shape = readExternalShape(source.config);
  const opened = await openSession(
    gpu,
    source,
    shape,
    options.execution ?? (gpu.tuning.software ? 'wasm' : 'webgpu'),
  );
  const scope = memory.scope();
  const file = source.name;
  const close = async (): Promise<void> => {
    await decoder.release();
    scope.release();
  };
  const decoder = new OrtDecoder(gpu, scope, { ...opened, file, shape });
  let padded: boolean;
  try {
    padded = await probeSession(gpu, scope, decoder, file);
  } catch (error) {
    await close();
    throw error;
  }
  const { vocab } = shape;
  const bytes = Math.min(options.logitBytes ?? 64 * 2 ** 20, gpu.device.limits.maxStorageBufferBindingSize);
  const limits: Limits = {
    rows: Math.max(1, Math.floor(bytes / (4 * vocab))),
    batch: options.batch ?? 16,
    padded,
  };
  return {
    name: source.name,
    vocab,
    execution: opened.execution,
    padded,
    score: async (sequences, logits) => {
      checkSequences(sequences, logits, shape);
      await scoreSequences(decoder, sequences, logits, limits);
    },
    generate: async (prompts, sampling, maxNewTokens) => {
      for (const prompt of prompts) checkIds(prompt, prompt.length + maxNewTokens, shape);
      const eos = options.eos ?? shape.eos;
      return generateAnswers({ gpu, memory: scope, decoder, prompts, sampling, maxNewTokens, eos, limits });
    },
    release: close,
  };
}

function checkSequences(sequences: readonly PackedSequence[], logits: Tensor, shape: ExternalShape): void {
  let total = 0;
  for (const { ids, scoredStart, scored } of sequences) {
    checkIds(ids, ids.length, shape);
    if (scoredStart < 1 || scoredStart - 1 + scored.length > ids.length)
      throw new RangeError(
        `scored tokens ${scoredStart}–${scoredStart + scored.length} of a sequence of ${ids.length} have no token before them`,
      );
    total += scored.length;
  }
  if (logits.length < total * shape.vocab)
    throw new RangeError(
      `${logits.label}: ${logits.length} elements for ${total} scored tokens of ${shape.vocab} logits`,
    );
}

function checkIds(ids: Uint32Array, tokens: number, { vocab, contextLength }: ExternalShape): void {
  if (ids.length === 0) throw new RangeError('a sequence for the teacher is empty');
  if (tokens > contextLength)
    throw new RangeError(`a sequence of ${tokens} tokens exceeds the teacher's context of ${contextLength}`);
  const beyond = ids.find(id => id >= vocab);
  if (beyond !== undefined)
    throw new RangeError(`token id ${beyond} is outside the teacher's vocabulary of ${vocab}`);
}
