import type { Gpu } from '../gpu/gpu.ts';
import type { StepEncoder } from '../gpu/encoder.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { tableLogits } from '../kernels/embedding/table-products.ts';
import { tokenMass } from '../kernels/token-mass/token-mass.ts';
import type { Workspace } from '../model/activations.ts';
import type { DecoderConfig } from '../model/config.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import type { LoraTensors } from '../model/lora.ts';
import type { PackedSequence } from '../model/packed-batch.ts';
import { ScoredPass } from '../learn/scored-pass.ts';

export interface RefusalProbeOptions {
  /** Prompts in one pass; more take several passes. Logits take queries · vocab · 4 bytes. */
  readonly queries: number;
  /** Longest prompt. */
  readonly promptTokens: number;
  /** R: tokens that open a refusal. */
  readonly tokenIds: readonly number[];
  /** Adapter of the measured decoders, if they have one. */
  readonly lora?: LoraTensors | undefined;
  /** Shared with passes that never run at the same time. */
  readonly workspace?: Workspace | undefined;
}

/**
 * P(the first token of the answer opens a refusal), exactly and without sampling: one forward pass over the prompts, the head on
 * each one's last position, and the mass of R there (docs/method.md, "What is measured"). Buffers are allocated once and owned by
 * `memory`.
 */
export class RefusalProbe {
  readonly #gpu: Gpu;
  readonly #options: RefusalProbeOptions;
  readonly #pass: ScoredPass;
  readonly #member: Tensor;
  readonly #logits: Tensor;
  readonly #mass: Tensor;
  readonly #logOdds: Tensor;

  /** @throws RangeError for a set R that is empty, is the whole vocabulary, or has a token beyond it. */
  constructor(gpu: Gpu, memory: Memory, config: DecoderConfig, options: RefusalProbeOptions) {
    const { queries, promptTokens, tokenIds, lora, workspace } = options;
    this.#gpu = gpu;
    this.#options = options;
    const label = 'refusalProbe';
    const member = memberMask(tokenIds, config.vocab);
    const capacity = { rows: queries * promptTokens, scored: queries };
    this.#pass = new ScoredPass(gpu, memory, config, { label, capacity, lora, workspace });
    this.#member = memory.tensor(`${label}.member`, config.vocab, 'u32');
    this.#logits = memory.within('logits', () => memory.tensor(`${label}.logits`, queries * config.vocab));
    this.#mass = memory.tensor(`${label}.mass`, queries);
    this.#logOdds = memory.tensor(`${label}.logOdds`, queries);
    gpu.write(this.#member, member);
  }

  /** Compiles every kernel that a measurement dispatches. */
  async prepare(decoder: Decoder): Promise<void> {
    this.#pass.load([promptOnly(Uint32Array.of(0))]);
    await this.#gpu.prepare(encoder => this.#record(encoder, decoder));
  }

  /**
   * Log-odds log(P / (1 − P)) of each prompt (token ids up to where the answer begins), in nats. One submit and one readback for
   * every `queries` prompts.
   * @throws RangeError when a prompt is empty or too long, or the decoder has an adapter that the refusalProbe was not told of.
   */
  async measure(decoder: Decoder, prompts: readonly Uint32Array[]): Promise<Float32Array<ArrayBuffer>> {
    const { queries, promptTokens, lora } = this.#options;
    if (decoder.lora && !lora)
      throw new RangeError('the decoder has an adapter; make the refusalProbe with its `lora`');
    const wrong = prompts.find(({ length }) => length < 1 || length > promptTokens);
    if (wrong)
      throw new RangeError(`a prompt of ${wrong.length} tokens: the refusalProbe takes 1 to ${promptTokens}`);
    const logOdds = new Float32Array(prompts.length);
    for (let start = 0; start < prompts.length; start += queries) {
      const slice = prompts.slice(start, start + queries);
      this.#pass.load(slice.map(promptOnly));
      const encoder = this.#gpu.encoder();
      this.#record(encoder, decoder);
      encoder.submit();
      logOdds.set(await this.#gpu.readback.f32(this.#logOdds, slice.length), start);
    }
    return logOdds;
  }

  #record(encoder: StepEncoder, decoder: Decoder): void {
    const { vocab } = decoder.config;
    const rows = this.#pass.batch.scored;
    this.#pass.forward(encoder, decoder);
    const { scoredHidden: hidden } = this.#pass;
    tableLogits(encoder, { hidden, table: decoder.weights.head, logits: this.#logits, rows });
    tokenMass(encoder, {
      logits: this.#logits,
      member: this.#member,
      mass: this.#mass,
      logOdds: this.#logOdds,
      rows,
      vocab,
    });
  }
}

/** Feeds a prompt and scores what follows it. The target token does not matter here. */
const promptOnly = (prompt: Uint32Array): PackedSequence => ({
  ids: prompt,
  scoredStart: prompt.length,
  scored: Uint32Array.of(0),
});

function memberMask(tokenIds: readonly number[], vocab: number): Uint32Array<ArrayBuffer> {
  const member = new Uint32Array(vocab);
  for (const id of tokenIds) {
    if (!Number.isInteger(id) || id < 0 || id >= vocab)
      throw new RangeError(`token ${id} is not among the ${vocab} of the vocabulary`);
    member[id] = 1;
  }
  const count = member.reduce((sum, value) => sum + value, 0);
  if (count === 0 || count === vocab)
    throw new RangeError(`a set of ${count} of ${vocab} tokens has no log-odds`);
  return member;
}
