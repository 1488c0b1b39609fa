import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, spread } from '../elementwise/launch.ts';
import code from './row-entries.wgsl?raw';

/** Largest k. */
const MOST_ENTRIES = 8;

/** Entries of rows in order, and beside them the target token's. Whoever made the tensors owns them. */
export interface RowEntries {
  /** k, from 1 to 8. */
  readonly k: number;
  /** u32 [tokens, k] */
  readonly ids: Tensor;
  /** f32 [tokens, k + 1]: the entries' values, the last one that of the target token. */
  readonly values: Tensor;
}

export interface RowEntriesArgs {
  /** [rows, vocab], from row `xStart` (default 0); finite, between −1e37 and 1e37. */
  readonly x: Tensor;
  readonly xStart?: number;
  /** Token y after each token, u32 [tokens]; beyond the vocabulary it counts as the last entry. */
  readonly target: Tensor;
  readonly entries: RowEntries;
  /** Which entries come first; of equal ones that with the lowest id. */
  readonly order: 'largest' | 'smallest';
  /** Turns the values of the largest entries into log-probabilities: x − log Σ exp x over the row, in nats. */
  readonly logProbs: boolean;
  /** Token of the first row: row r of x belongs to token rowStart + r. */
  readonly rowStart: number;
  readonly rows: number;
  readonly vocab: number;
}

const spec = {
  name: 'row-entries',
  code,
  storage: ['read', 'read', 'read_write', 'read_write'],
  uniforms: {
    rows: 'u32',
    rowStart: 'u32',
    xStart: 'u32',
    vocab: 'u32',
    k: 'u32',
    logProbs: 'u32',
    sign: 'f32',
  },
} as const satisfies KernelSpec;

/**
 * Reads the first k entries of each row by size out of a matrix that stays where it is: the likeliest next tokens of a row of
 * logits with their log-probabilities, or the tokens that a row of the loss's gradient moves most. Log-sum-exp relative to the
 * row's largest entry, f32 sums in two levels in an order that the tuning alone decides. Overwrites the entries of the rows' tokens.
 * @throws RangeError when a tensor is too short, k is out of bounds or above the vocabulary, or log-probabilities of the smallest
 * entries are asked for.
 */
export function rowEntries(encoder: StepEncoder, args: RowEntriesArgs): void {
  const { x, xStart = 0, target, entries, order, logProbs, rowStart, rows, vocab } = args;
  const { k, ids, values } = entries;
  if (!Number.isInteger(k) || k < 1 || k > Math.min(MOST_ENTRIES, vocab))
    throw new RangeError(`rowEntries: k ${k} is no whole number from 1 to ${Math.min(MOST_ENTRIES, vocab)}`);
  if (logProbs && order === 'smallest')
    throw new RangeError('rowEntries: log-probabilities are those of the largest entries');
  const tokens = rowStart + rows;
  expectLengths('rowEntries', [
    [x, (xStart + rows) * vocab],
    [target, tokens],
    [ids, tokens * k],
    [values, tokens * (k + 1)],
  ]);
  const { rowLanes, rowsPerGroup } = encoder.gpu.tuning;
  const kernel = encoder.gpu.pipelines.kernel(spec, { ROW_LANES: rowLanes, ROWS_PER_GROUP: rowsPerGroup });
  encoder.dispatch(kernel, {
    uniforms: {
      rows,
      rowStart,
      xStart,
      vocab,
      k,
      logProbs: Number(logProbs),
      sign: order === 'largest' ? 1 : -1,
    },
    storage: [x, target, ids, values],
    workgroups: spread(Math.ceil(rows / rowsPerGroup)),
  });
}
