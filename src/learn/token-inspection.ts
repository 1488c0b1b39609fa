import { INSPECTED_ENTRIES } from '../record/inspection.ts';
import type { StepEncoder } from '../gpu/encoder.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { headEntries, type HeadReadout } from '../kernels/divergence/head-readout.ts';
import type { RowEntries } from '../kernels/row-entries/row-entries.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import type { DivergenceLoss } from './distiller.ts';
import type { ScoredPass } from './scored-pass.ts';
import type { Scorer } from './teachers.ts';
import type { TokenMetrics } from './token-metrics.ts';

/** Whom the learner is compared with, token by token, and by which divergence. */
export interface Inspection {
  readonly teacher: Scorer;
  readonly base: Decoder;
  readonly loss: DivergenceLoss;
}

/** Entries of every response token: ids [tokens, k], values [tokens, k + 1] with the target token's last. */
export interface TokenEntries {
  readonly k: number;
  readonly ids: Uint32Array;
  readonly values: Float32Array;
}

/** What was read out of the head for every response token. */
export interface InspectedTokens {
  readonly metrics: TokenMetrics;
  readonly entries: Readonly<Record<keyof HeadReadout | 'base', TokenEntries>>;
}

/** Buffers for what is read out of the head: 220 bytes per response token. Buffers are owned by `memory`. */
export class TokenInspection {
  readonly readout: HeadReadout;
  readonly #base: RowEntries;
  readonly #gpu: Gpu;

  constructor(gpu: Gpu, memory: Memory, { scored, vocab }: { scored: number; vocab: number }) {
    const k = Math.min(INSPECTED_ENTRIES, vocab);
    const entries = (name: string): RowEntries => ({
      k,
      ids: memory.tensor(`inspection.${name}.ids`, scored * k, 'u32'),
      values: memory.tensor(`inspection.${name}.values`, scored * (k + 1)),
    });
    this.#gpu = gpu;
    this.readout = {
      student: entries('student'),
      teacher: entries('teacher'),
      raised: entries('raised'),
      lowered: entries('lowered'),
    };
    this.#base = entries('base');
  }

  /** The base's likeliest tokens, right after its forward pass; its logits overwrite `scratch`. */
  recordBase(
    encoder: StepEncoder,
    { batch, scoredHidden }: ScoredPass,
    base: Decoder,
    scratch: Tensor,
  ): void {
    headEntries(encoder, {
      hidden: scoredHidden,
      head: base.weights.head,
      target: batch.target,
      tokens: batch.scored,
      scratch,
      entries: this.#base,
    });
  }

  /** Reads everything back at once. @param start first token of each response, and one past the last */
  async collect(metrics: Tensor, start: readonly number[]): Promise<InspectedTokens> {
    const tokens = start.at(-1) ?? 0;
    const lists = { ...this.readout, base: this.#base };
    const names = Object.keys(lists) as (keyof typeof lists)[];
    const [columns, ...parts] = await this.#gpu.readback.read([
      { tensor: metrics, count: tokens * METRIC_COLUMNS },
      ...names.flatMap(name => [
        { tensor: lists[name].ids, count: tokens * lists[name].k },
        { tensor: lists[name].values, count: tokens * (lists[name].k + 1) },
      ]),
    ]);
    const entries = names.map((name, i): [string, TokenEntries] => [
      name,
      {
        k: lists[name].k,
        ids: new Uint32Array(parts[2 * i]!),
        values: new Float32Array(parts[2 * i + 1]!),
      },
    ]);
    return {
      metrics: { columns: new Float32Array(columns!), start },
      entries: Object.fromEntries(entries) as InspectedTokens['entries'],
    };
  }
}
