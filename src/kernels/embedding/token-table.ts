import { storageBytes, type DType, type Tensor } from '../../gpu/tensor.ts';

/** Rows first … first + rows of a table, in a buffer of their own. */
export interface TableShard {
  /** [rows, dim], f32 or as stored. */
  readonly tensor: Tensor;
  readonly first: number;
  readonly rows: number;
}

/**
 * One row of `dim` values for every token: the token embedding, or the head. Cut into shards in the order of the tokens, because a
 * real vocabulary exceeds what an adapter binds at once. Whoever made the tensors owns them.
 */
export interface TokenTable {
  readonly vocab: number;
  readonly dim: number;
  readonly shards: readonly TableShard[];
}

/** A tensor [vocab, dim] as a table of one shard. */
export function wholeTable(tensor: Tensor, vocab: number, dim: number): TokenTable {
  return { vocab, dim, shards: [{ tensor, first: 0, rows: vocab }] };
}

/** The tensor of a table that is whole and f32: what gradients have. @throws RangeError for any other. */
export function wholeTensor({ vocab, dim, shards }: TokenTable): Tensor {
  const { tensor } = shards[0]!;
  if (shards.length === 1 && tensor.dtype === 'f32') return tensor;
  throw new RangeError(
    `a table of ${vocab} × ${dim} in ${shards.length} parts of type ${tensor.dtype} has no gradient: ` +
      'train an adapter on it, or store the weights whole as f32',
  );
}

/** What an operation needs of a table's tensors, for `expectLengths`. */
export const tableNeeds = ({ dim, shards }: TokenTable): (readonly [Tensor, number])[] =>
  shards.map(({ tensor, rows }) => [tensor, rows * dim]);

/** Rows at which a shard may begin: its logits then begin at whole vectors, and its gradients at the alignment of bindings. */
const SHARD_STEP = 64;

/**
 * Cuts a table into shards of at most `limit` bytes, as even as steps of 64 rows allow; one where it fits.
 * @throws RangeError when 64 rows do not fit.
 */
export function shardRows(
  { vocab, dim, dtype }: { readonly vocab: number; readonly dim: number; readonly dtype: DType },
  limit: number,
): { readonly first: number; readonly rows: number }[] {
  if (storageBytes(dtype, vocab * dim) <= limit) return [{ first: 0, rows: vocab }];
  const stepBytes = storageBytes(dtype, SHARD_STEP * dim);
  const most = Math.floor(limit / stepBytes);
  if (most === 0)
    throw new RangeError(
      `${SHARD_STEP} rows of ${dim} values take ${stepBytes} bytes; ${limit} may be bound at once`,
    );
  const steps = Math.ceil(vocab / SHARD_STEP);
  const rows = SHARD_STEP * Math.ceil(steps / Math.ceil(steps / most));
  return Array.from({ length: Math.ceil(vocab / rows) }, (_, shard) => ({
    first: shard * rows,
    rows: Math.min(rows, vocab - shard * rows),
  }));
}
