import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import { DeviceLostError } from '../gpu/readback.ts';
import type { Tensor } from '../gpu/tensor.ts';
import type { ExternalShape } from './external-shape.ts';
import { runFault } from './faults.ts';
import { withOrt } from './ort-mutex.ts';
import type { Ort } from './ort-runtime.ts';
import { cacheNames, type SessionLayout } from './session-layout.ts';

export type Execution = 'webgpu' | 'wasm';

/** Keys and values of some tokens in all layers, in onnxruntime's memory. */
export interface Past {
  readonly length: number;
  readonly tensors: readonly OrtTensor[];
}

/** Who holds the keys and values of a batch between runs; `forget` frees them. */
export interface PastHolder {
  past: Past | undefined;
}

export interface Chunk {
  /**
   * The next `length` tokens of each row: i64 [batch, length], or as low words with zeros between, in a u32 tensor of the
   * GPU.
   */
  readonly ids: BigInt64Array | Tensor;
  readonly length: number;
  /** Tokens at the start of each row that nobody may see: one number a row of the batch. */
  readonly padding: readonly number[];
}

/** Logits [batch · length, vocab] of the last run; the next run overwrites them. */
export type LogitRows = Tensor | Float32Array;

/** Rows to copy from logits to a tensor. */
export interface RowMove {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

export interface DecoderSession {
  readonly ort: Ort;
  readonly session: InferenceSession;
  readonly execution: Execution;
  readonly file: string;
  readonly shape: ExternalShape;
  readonly layout: SessionLayout;
}

/**
 * Feeds chunks of tokens to an ONNX session and keeps what comes out where it was made: under WebGPU logits go straight into
 * a tensor of ours and the cache stays in onnxruntime's buffers. Runs submit to the device's one queue before they settle, so
 * whatever is submitted later sees their results.
 */
export class OrtDecoder {
  readonly #gpu: Gpu;
  readonly #memory: Memory;
  readonly #parts: DecoderSession;
  #logits: Tensor | undefined;

  /** @param memory owns the tensor of logits, which grows with the largest run. */
  constructor(gpu: Gpu, memory: Memory, parts: DecoderSession) {
    this.#gpu = gpu;
    this.#memory = memory;
    this.#parts = parts;
  }

  get shape(): ExternalShape {
    return this.#parts.shape;
  }

  get execution(): Execution {
    return this.#parts.execution;
  }

  /**
   * Feeds the tokens that follow those of `holder`, which holds them too afterwards, or nothing where the run fails.
   * @throws LabError `E_TEACHER_ONNX`; DeviceLostError; OutOfGpuMemoryError.
   */
  async run(holder: PastHolder, chunk: Chunk): Promise<LogitRows> {
    const { shape, execution, file } = this.#parts;
    const elements = chunk.padding.length * chunk.length * shape.vocab;
    const logits = execution === 'webgpu' ? this.#room(elements) : undefined;
    const { past } = holder;
    holder.past = undefined;
    try {
      const run = await withOrt(() => this.#runSession(chunk, past, logits));
      holder.past = run.past;
      if (run.logits.length < elements)
        throw new RangeError(`${run.logits.length} logits came out; config.json makes it ${elements}`);
      return run.logits;
    } catch (error) {
      const { lost } = this.#gpu;
      if (lost) throw new DeviceLostError(`the GPU device was lost: ${lost.message}`, { cause: error });
      throw runFault(file, error);
    }
  }

  /** Frees keys and values that no further run will take. */
  async forget(holder: PastHolder): Promise<void> {
    const { past } = holder;
    holder.past = undefined;
    if (past) await withOrt(async () => dispose(past));
  }

  /** Copies rows of [vocab] from a run's logits into `target`, in one submit; on the GPU where they are there. */
  moveRows(logits: LogitRows, target: Tensor, moves: readonly RowMove[]): void {
    const { vocab } = this.#parts.shape;
    const encoder = this.#gpu.encoder();
    for (const { from, to, rows } of moves)
      if (logits instanceof Float32Array)
        this.#gpu.write(target, logits.slice(from * vocab, (from + rows) * vocab), to * vocab);
      else encoder.copy(logits, target, rows * vocab, from * vocab, to * vocab);
    encoder.submit();
  }

  /** Ends the session and frees its logits. */
  async release(): Promise<void> {
    await withOrt(() => this.#parts.session.release());
    if (this.#logits) this.#memory.free(this.#logits);
    this.#logits = undefined;
  }

  async #runSession(
    chunk: Chunk,
    past: Past | undefined,
    target: Tensor | undefined,
  ): Promise<{ logits: LogitRows; past: Past }> {
    const { session, shape } = this.#parts;
    const presents = cacheNames('present', shape.layers);
    try {
      const fetches = Object.fromEntries<OrtTensor | null>(presents.map(name => [name, null]));
      const dims = [chunk.padding.length, chunk.length, shape.vocab];
      fetches['logits'] = target ? this.#wrap(target, 'float32', dims) : null;
      const outputs = await session.run(this.#feeds(chunk, past), fetches);
      return {
        logits: target ?? ((await outputs['logits']!.getData()) as Float32Array),
        past: {
          length: (past?.length ?? 0) + chunk.length,
          tensors: presents.map(name => outputs[name]!),
        },
      };
    } finally {
      if (past) dispose(past);
    }
  }

  #feeds({ ids, length, padding }: Chunk, past: Past | undefined): Record<string, OrtTensor> {
    const { ort, shape, layout } = this.#parts;
    const batch = padding.length;
    const before = past?.length ?? 0;
    const total = before + length;
    const grid = (columns: number, value: (row: number, column: number) => number): OrtTensor => {
      const data = new BigInt64Array(batch * columns);
      for (let row = 0; row < batch; row++)
        for (let column = 0; column < columns; column++)
          data[row * columns + column] = BigInt(value(row, column));
      return new ort.Tensor('int64', data, [batch, columns]);
    };
    const feeds: Record<string, OrtTensor> = {
      input_ids:
        ids instanceof BigInt64Array
          ? new ort.Tensor('int64', ids, [batch, length])
          : this.#wrap(ids, 'int64', [batch, length]),
      attention_mask: grid(total, (row, column) => Number(column >= padding[row]!)),
    };
    if (layout.positions)
      feeds['position_ids'] = grid(length, (row, column) => Math.max(0, before + column - padding[row]!));
    for (const [i, name] of cacheNames('past_key_values', shape.layers).entries())
      feeds[name] = past?.tensors[i] ?? this.#empty(batch);
    return feeds;
  }

  #empty(batch: number): OrtTensor {
    const { ort, shape, layout } = this.#parts;
    const dims = [batch, shape.kvHeads, 0, shape.headDim];
    return layout.cacheType === 'float16'
      ? new ort.Tensor('float16', new Uint16Array(0), dims)
      : new ort.Tensor('float32', new Float32Array(0), dims);
  }

  #wrap({ buffer }: Tensor, dataType: 'float32' | 'int64', dims: number[]): OrtTensor {
    return this.#parts.ort.Tensor.fromGpuBuffer(buffer, { dataType, dims });
  }

  #room(length: number): Tensor {
    if (this.#logits && this.#logits.length >= length) return this.#logits;
    if (this.#logits) this.#memory.free(this.#logits);
    this.#logits = undefined;
    return (this.#logits = this.#memory.tensor('teacher.logits', length));
  }
}

function dispose({ tensors }: Past): void {
  for (const tensor of tensors) tensor.dispose();
}
