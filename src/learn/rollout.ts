import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { StepEncoder } from '../gpu/encoder.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { tableLogits } from '../kernels/embedding/table-products.ts';
import { gatherRows } from '../kernels/rows/rows.ts';
import { sampleTokens } from '../kernels/sampling/sampling.ts';
import { createActivations, type Activations, type Workspace } from '../model/activations.ts';
import { fillerToken, type DecoderConfig } from '../model/config.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import { createKvCache, decodeStep, prefill, type KvCache } from '../model/kv-cache.ts';
import type { LoraTensors } from '../model/lora.ts';
import type { Rollout, Sampling } from '../model/rollout-types.ts';

export type { Rollout, Sampling };

/** Tokens between readbacks: a finished batch is noticed after at most that many. */
const READBACK_INTERVAL = 16;

export interface RolloutCapacity {
  /** Rollouts made at once. */
  readonly slots: number;
  readonly maxPromptTokens: number;
  readonly maxNewTokens: number;
}

/**
 * Generates a whole batch at once with a KV cache, sampling on the GPU. Buffers are allocated once for the capacity and
 * owned by `memory`. Prompts are packed for the prefill and rows decode independently, so a prompt's answer does not
 * depend on what else is in the batch, but for its row's random numbers.
 */
export class RolloutEngine {
  readonly capacity: RolloutCapacity;
  readonly #gpu: Gpu;
  readonly #config: DecoderConfig;
  readonly #cache: KvCache;
  readonly #prompt: Activations;
  readonly #token: Activations;
  readonly #rows: Record<'ids' | 'position' | 'seqStart' | 'slot', Tensor>;
  readonly #last: Tensor;
  readonly #slotIndex: Tensor;
  readonly #hidden: Tensor;
  readonly #logits: Tensor;
  readonly #state: Record<'current' | 'position' | 'done' | 'tokens' | 'logProbs' | 'entropies', Tensor>;

  constructor(
    gpu: Gpu,
    memory: Memory,
    config: DecoderConfig,
    capacity: RolloutCapacity,
    lora?: LoraTensors,
    workspace?: Workspace,
  ) {
    const { slots, maxPromptTokens, maxNewTokens } = capacity;
    const rows = slots * maxPromptTokens;
    const u32 = (name: string, length: number): Tensor => memory.tensor(`rollout.${name}`, length, 'u32');
    const f32 = (name: string, length: number): Tensor => memory.tensor(`rollout.${name}`, length);
    this.capacity = capacity;
    this.#gpu = gpu;
    this.#config = config;
    this.#cache = memory.within('cache', () =>
      createKvCache(memory, config, slots, maxPromptTokens + maxNewTokens),
    );
    this.#prompt = createActivations(memory, config, {
      label: 'prefill',
      rows,
      save: 'nothing',
      lora,
      workspace,
    });
    this.#token = createActivations(memory, config, {
      label: 'decode',
      rows: slots,
      save: 'nothing',
      lora,
      workspace,
    });
    this.#rows = {
      ids: u32('ids', rows),
      position: u32('promptPosition', rows),
      seqStart: u32('seqStart', rows),
      slot: u32('slot', rows),
    };
    this.#last = u32('last', slots);
    this.#slotIndex = u32('slotIndex', slots);
    this.#hidden = f32('hidden', slots * config.dim);
    this.#logits = memory.within('logits', () => f32('logits', slots * config.vocab));
    this.#state = {
      current: u32('current', slots),
      position: u32('position', slots),
      done: u32('done', slots),
      tokens: u32('tokens', slots * maxNewTokens),
      logProbs: f32('logProbs', slots * maxNewTokens),
      entropies: f32('entropies', slots * maxNewTokens),
    };
    gpu.write(
      this.#slotIndex,
      Uint32Array.from({ length: slots }, (_, slot) => slot),
    );
  }

  /** Compiles every kernel that a rollout dispatches. */
  async prepare(decoder: Decoder): Promise<void> {
    const sampling = { temperature: 1, topK: 0, topP: 1, seed: 0, stream: 0 };
    await this.#gpu.prepare(encoder => {
      this.#prefill(encoder, decoder, 1, 1, sampling);
      this.#decode(encoder, decoder, 1, 1, sampling);
    });
  }

  /**
   * Rolls out one answer for each prompt (token ids; at most `slots` of them), each until end of turn or `maxNewTokens`.
   * Reads back once every 16 tokens. @throws RangeError when prompts exceed the capacity; DeviceLostError.
   */
  async run(
    decoder: Decoder,
    prompts: readonly Uint32Array[],
    sampling: Sampling,
    maxNewTokens: number,
  ): Promise<Rollout[]> {
    const batch = prompts.length;
    const capacity = this.capacity.maxNewTokens;
    const steps = Math.min(maxNewTokens, capacity);
    const rows = this.#upload(prompts);
    const encoder = this.#gpu.encoder();
    for (let step = 0; ;) {
      // The last stretch takes the remainder, so that no readback comes sooner than the interval.
      const end = steps - step < 2 * READBACK_INTERVAL ? steps : step + READBACK_INTERVAL;
      if (step === 0) this.#prefill(encoder, decoder, rows, batch, sampling);
      for (step = Math.max(step, 1); step < end; step++)
        this.#decode(encoder, decoder, batch, step, sampling);
      encoder.submit();
      const { done, rollouts } = await this.#collect(batch, steps);
      if (done || end === steps) return rollouts;
    }
  }

  #upload(prompts: readonly Uint32Array[]): number {
    const { slots, maxPromptTokens } = this.capacity;
    const longest = Math.max(0, ...prompts.map(prompt => prompt.length));
    if (prompts.length > slots || longest > maxPromptTokens)
      throw new RangeError(
        `${prompts.length} prompts of up to ${longest} tokens exceed the rollout capacity of ${slots} × ${maxPromptTokens}`,
      );
    const rows = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
    const columns = {
      ids: new Uint32Array(rows),
      position: new Uint32Array(rows),
      seqStart: new Uint32Array(rows),
      slot: new Uint32Array(rows),
    };
    const last = new Uint32Array(prompts.length);
    let row = 0;
    for (const [slot, prompt] of prompts.entries()) {
      columns.ids.set(prompt, row);
      columns.seqStart.fill(row, row, row + prompt.length);
      columns.slot.fill(slot, row, row + prompt.length);
      for (let i = 0; i < prompt.length; i++) columns.position[row + i] = i;
      row += prompt.length;
      last[slot] = row - 1;
    }
    for (const name of ['ids', 'position', 'seqStart', 'slot'] as const)
      this.#gpu.write(this.#rows[name], columns[name]);
    this.#gpu.write(this.#last, last);
    this.#gpu.write(
      this.#state.position,
      Uint32Array.from(prompts, prompt => prompt.length - 1),
    );
    this.#gpu.write(this.#state.done, new Uint32Array(prompts.length));
    return rows;
  }

  #prefill(encoder: StepEncoder, decoder: Decoder, rows: number, batch: number, sampling: Sampling): void {
    prefill(encoder, decoder, { ...this.#rows, rows }, this.#prompt, this.#cache);
    const { dim } = this.#config;
    gatherRows(encoder, { x: this.#prompt.hidden, index: this.#last, y: this.#hidden, rows: batch, dim });
    this.#sample(encoder, decoder, this.#hidden, batch, 0, sampling);
  }

  #decode(encoder: StepEncoder, decoder: Decoder, batch: number, step: number, sampling: Sampling): void {
    const { current: ids, position } = this.#state;
    decodeStep(
      encoder,
      decoder,
      { ids, position, slot: this.#slotIndex, rows: batch },
      this.#token,
      this.#cache,
    );
    this.#sample(encoder, decoder, this.#token.hidden, batch, step, sampling);
  }

  #sample(
    encoder: StepEncoder,
    decoder: Decoder,
    hidden: Tensor,
    batch: number,
    step: number,
    sampling: Sampling,
  ): void {
    const { vocab, eos } = this.#config;
    const pad = fillerToken(this.#config);
    tableLogits(encoder, { hidden, table: decoder.weights.head, logits: this.#logits, rows: batch });
    sampleTokens(encoder, {
      ...this.#state,
      logits: this.#logits,
      batch,
      vocab,
      step,
      capacity: this.capacity.maxNewTokens,
      eos,
      pad,
      ...sampling,
    });
  }

  async #collect(batch: number, steps: number): Promise<{ done: boolean; rollouts: Rollout[] }> {
    const capacity = this.capacity.maxNewTokens;
    const { done, tokens, logProbs, entropies } = this.#state;
    const count = batch * capacity;
    const [flags, ids, logs, nats] = await this.#gpu.readback.read([
      { tensor: done, count: batch },
      ...[tokens, logProbs, entropies].map(tensor => ({ tensor, count })),
    ]);
    const allIds = new Uint32Array(ids!);
    const rollouts = Array.from({ length: batch }, (_, row) => {
      const start = row * capacity;
      const ending = allIds.subarray(start, start + steps).findIndex(id => this.#config.eos.includes(id));
      const length = ending < 0 ? steps : ending + 1;
      return {
        tokens: allIds.slice(start, start + length),
        logProbs: new Float32Array(logs!, start * 4, length).slice(),
        entropies: new Float32Array(nats!, start * 4, length).slice(),
      };
    });
    return { done: new Uint32Array(flags!).every(flag => flag !== 0), rollouts };
  }
}
