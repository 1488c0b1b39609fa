import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { StepEncoder } from '../gpu/encoder.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { divergenceHead } from '../kernels/divergence/divergence-head.ts';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { headScratch, type HeadScratch } from '../kernels/divergence/head-chunks.ts';
import { segmentMean } from '../kernels/segment-mean/segment-mean.ts';
import type { DecoderConfig } from '../model/config.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import type { LoraTensors } from '../model/lora.ts';
import { promptAndResponse, type PackedSequence } from '../model/packed-batch.ts';
import { ScoredPass, type PassCapacity } from '../learn/scored-pass.ts';

/** Where hidden states are taken: after the final RMSNorm, or the last block's residual before it. */
export type ProbedLayer = 'final' | 'residual';

/** A response of at least one token, with its context. */
export interface ProbedResponse {
  readonly prompt: Uint32Array;
  readonly response: Uint32Array;
}

/** Rows of a pass: enough to keep a graphics card busy, few enough to keep activations small. */
const DEFAULT_ROWS = 2048;

class ProbePass extends ScoredPass {
  /** Residual stream after the last block, or what the head sees, of every row. */
  states(layer: ProbedLayer): Tensor {
    return layer === 'final' ? this.activations.hidden : this.activations.output;
  }
}

/**
 * Runs decoders of one shape over responses, without training: mean hidden states, and summed log-probabilities. Responses are packed into
 * passes of at most `rows` tokens; each pass is one submit and one readback. Buffers are owned by `memory`.
 */
export class GeometryProbe {
  readonly #gpu: Gpu;
  readonly #pass: ProbePass;
  readonly #layer: ProbedLayer;
  readonly #capacity: PassCapacity;
  readonly #segment: Readonly<Record<'start' | 'end', Tensor>>;
  readonly #means: Tensor;
  readonly #weight: Tensor;
  readonly #metrics: Tensor;
  readonly #scratch: HeadScratch;

  /** `longest`: tokens of the longest prompt with its response. `lora`: the adapter's tensors where a decoder has one. */
  constructor(
    gpu: Gpu,
    memory: Memory,
    config: DecoderConfig,
    options: { longest: number; layer?: ProbedLayer; lora?: LoraTensors | undefined },
  ) {
    const { longest, layer = 'final', lora } = options;
    const rows = Math.max(DEFAULT_ROWS, longest);
    const { dim, vocab } = config;
    this.#gpu = gpu;
    this.#layer = layer;
    this.#capacity = { rows, scored: rows };
    this.#pass = new ProbePass(gpu, memory, config, { label: 'probe', capacity: this.#capacity, lora });
    const bounds = (name: string): Tensor => memory.tensor(`probe.${name}`, rows, 'u32');
    this.#segment = { start: bounds('start'), end: bounds('end') };
    this.#means = memory.tensor('probe.means', rows * dim);
    this.#weight = memory.tensor('probe.weight', rows);
    this.#metrics = memory.tensor('probe.metrics', rows * METRIC_COLUMNS);
    this.#scratch = headScratch(memory, { vocab, dim, tokens: rows, teacher: false });
  }

  /** Compiles every kernel that readings with this decoder dispatch. */
  async prepare(decoder: Decoder): Promise<void> {
    const token = Uint32Array.of(0);
    this.#pass.load([promptAndResponse(token, token)]);
    await this.#gpu.prepare(encoder => {
      this.#recordMeans(encoder, decoder, 1);
      this.#recordHead(encoder, decoder);
    });
  }

  /**
   * Mean over each response of the hidden states at the positions that predict its tokens: f32 [responses, dim].
   * @throws RangeError when a prompt with its response is longer than `longest`.
   */
  async encode(decoder: Decoder, responses: readonly ProbedResponse[]): Promise<Float32Array<ArrayBuffer>> {
    const { dim } = decoder.config;
    const means = new Float32Array(responses.length * dim);
    let done = 0;
    for (const sequences of this.#passes(responses)) {
      this.#loadSegments(sequences);
      const encoder = this.#gpu.encoder();
      this.#recordMeans(encoder, decoder, sequences.length);
      encoder.submit();
      means.set(await this.#gpu.readback.f32(this.#means, sequences.length * dim), done * dim);
      done += sequences.length;
    }
    return means;
  }

  /** log p(response | prompt), summed over its tokens, in nats at temperature 1: f64 [responses]. @throws RangeError as `encode`. */
  async logProbs(decoder: Decoder, responses: readonly ProbedResponse[]): Promise<Float64Array> {
    const sums = new Float64Array(responses.length);
    let done = 0;
    for (const sequences of this.#passes(responses)) {
      this.#pass.load(sequences);
      const encoder = this.#gpu.encoder();
      this.#recordHead(encoder, decoder);
      encoder.submit();
      const { scored, scoredStart } = this.#pass.batch;
      const columns = await this.#gpu.readback.f32(this.#metrics, scored * METRIC_COLUMNS);
      for (let i = 0; i < sequences.length; i++, done++)
        for (let token = scoredStart[i]!; token < scoredStart[i + 1]!; token++)
          sums[done]! += columns[token * METRIC_COLUMNS + METRIC.studentLogProb]!;
    }
    return sums;
  }

  /** Packs responses, in order, into as few passes as the capacity allows. */
  *#passes(responses: readonly ProbedResponse[]): Generator<PackedSequence[]> {
    let pass: PackedSequence[] = [];
    let rows = 0;
    let scored = 0;
    for (const { prompt, response } of responses) {
      const sequence = promptAndResponse(prompt, response);
      const full =
        rows + sequence.ids.length > this.#capacity.rows || scored + response.length > this.#capacity.scored;
      if (full && pass.length > 0) {
        yield pass;
        [pass, rows, scored] = [[], 0, 0];
      }
      pass.push(sequence);
      rows += sequence.ids.length;
      scored += response.length;
    }
    if (pass.length > 0) yield pass;
  }

  #loadSegments(sequences: readonly PackedSequence[]): void {
    this.#pass.load(sequences);
    const start = new Uint32Array(sequences.length);
    const end = new Uint32Array(sequences.length);
    let row = 0;
    for (const [i, { ids, scoredStart, scored }] of sequences.entries()) {
      const first = row + scoredStart - 1;
      start[i] = first;
      end[i] = first + scored.length;
      row += ids.length;
    }
    this.#gpu.write(this.#segment.start, start);
    this.#gpu.write(this.#segment.end, end);
  }

  #recordMeans(encoder: StepEncoder, decoder: Decoder, segments: number): void {
    this.#pass.forward(encoder, decoder);
    segmentMean(encoder, {
      x: this.#pass.states(this.#layer),
      ...this.#segment,
      y: this.#means,
      segments,
      dim: decoder.config.dim,
    });
  }

  #recordHead(encoder: StepEncoder, decoder: Decoder): void {
    this.#pass.forward(encoder, decoder);
    const { batch, scoredHidden } = this.#pass;
    divergenceHead(encoder, {
      objective: { kind: 'cross-entropy' },
      studentHidden: scoredHidden,
      studentHead: decoder.weights.head,
      target: batch.target,
      weight: this.#weight,
      metrics: this.#metrics,
      scratch: this.#scratch,
      tokens: batch.scored,
    });
  }
}
