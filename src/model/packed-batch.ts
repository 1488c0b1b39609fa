import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { embeddingRuns } from '../kernels/embedding/embedding.ts';

/** One sequence of a batch: the tokens that are fed, and the response positions within it. */
export interface PackedSequence {
  readonly ids: Uint32Array;
  /** First token that is predicted (scored): its logits come from the position before it. At least 1. */
  readonly scoredStart: number;
  /** Tokens to predict, from `scoredStart`; the last of them need not be fed. */
  readonly scored: Uint32Array;
}

/**
 * Sequences one after the other without padding: `rows` tokens in all. Attention of a row reaches from `seqStart` to
 * itself, so no mask and no pad token exists in training. `scoredRow[i]` is the row whose hidden state predicts `target[i]`.
 */
export class PackedBatch {
  readonly capacity: { readonly rows: number; readonly scored: number };
  readonly ids: Tensor;
  readonly position: Tensor;
  readonly seqStart: Tensor;
  readonly seqEnd: Tensor;
  readonly scoredRow: Tensor;
  readonly target: Tensor;
  /** Sort of the tokens by id, for the embedding's gradient (`embeddingBackward`). */
  readonly order: Tensor;
  readonly runStart: Tensor;
  readonly runId: Tensor;
  readonly #gpu: Gpu;
  rows = 0;
  scored = 0;
  runs = 0;
  /** First scored index of each sequence, and one past the last. */
  scoredStart: readonly number[] = [];

  constructor(gpu: Gpu, memory: Memory, label: string, capacity: { rows: number; scored: number }) {
    this.#gpu = gpu;
    this.capacity = capacity;
    const row = (name: string): Tensor => memory.tensor(`${label}.${name}`, capacity.rows, 'u32');
    this.ids = row('ids');
    this.position = row('position');
    this.seqStart = row('seqStart');
    this.seqEnd = row('seqEnd');
    this.order = row('order');
    this.runId = row('runId');
    this.runStart = memory.tensor(`${label}.runStart`, capacity.rows + 1, 'u32');
    this.scoredRow = memory.tensor(`${label}.scoredRow`, capacity.scored, 'u32');
    this.target = memory.tensor(`${label}.target`, capacity.scored, 'u32');
  }

  /** Packs and uploads. @throws RangeError when the sequences exceed the capacity. */
  upload(sequences: readonly PackedSequence[]): void {
    const rows = sequences.reduce((sum, s) => sum + s.ids.length, 0);
    const scored = sequences.reduce((sum, s) => sum + s.scored.length, 0);
    if (rows > this.capacity.rows || scored > this.capacity.scored)
      throw new RangeError(
        `batch of ${rows} tokens (${scored} scored) exceeds its capacity of ${this.capacity.rows} (${this.capacity.scored})`,
      );
    const ids = new Uint32Array(rows);
    const position = new Uint32Array(rows);
    const seqStart = new Uint32Array(rows);
    const seqEnd = new Uint32Array(rows);
    const scoredRow = new Uint32Array(scored);
    const target = new Uint32Array(scored);
    const starts: number[] = [];
    let row = 0;
    let at = 0;
    for (const sequence of sequences) {
      const { length } = sequence.ids;
      ids.set(sequence.ids, row);
      for (let i = 0; i < length; i++) position[row + i] = i;
      seqStart.fill(row, row, row + length);
      seqEnd.fill(row + length, row, row + length);
      starts.push(at);
      for (let i = 0; i < sequence.scored.length; i++) scoredRow[at + i] = row + sequence.scoredStart - 1 + i;
      target.set(sequence.scored, at);
      row += length;
      at += sequence.scored.length;
    }
    starts.push(at);
    this.rows = rows;
    this.scored = scored;
    this.scoredStart = starts;
    const runs = embeddingRuns(ids);
    this.runs = runs.runs;
    const pairs: [Tensor, Uint32Array<ArrayBuffer>][] = [
      [this.ids, ids],
      [this.position, position],
      [this.seqStart, seqStart],
      [this.seqEnd, seqEnd],
      [this.scoredRow, scoredRow],
      [this.target, target],
      [this.order, runs.order],
      [this.runStart, runs.runStart],
      [this.runId, runs.runId],
    ];
    for (const [tensor, data] of pairs) if (data.length > 0) this.#gpu.write(tensor, data);
  }
}

/** Feeds prompt and response but for the response's last token, which predicts nothing; scores the response. */
export function promptAndResponse(prompt: Uint32Array, response: Uint32Array): PackedSequence {
  const ids = new Uint32Array(prompt.length + response.length - 1);
  ids.set(prompt);
  ids.set(response.subarray(0, response.length - 1), prompt.length);
  return { ids, scoredStart: prompt.length, scored: response };
}
