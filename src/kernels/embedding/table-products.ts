import type { StepEncoder } from '../../gpu/encoder.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { linearBackwardInput, linearForward } from '../linear/linear.ts';
import type { TokenTable } from './token-table.ts';

/** logits [rows, vocab] = hidden [rows, dim] · tableᵀ, overwritten shard by shard; sums in f32. @throws RangeError on short tensors. */
export function tableLogits(
  encoder: StepEncoder,
  args: {
    readonly hidden: Tensor;
    readonly table: TokenTable;
    readonly logits: Tensor;
    readonly rows: number;
  },
): void {
  const { hidden, table, logits, rows } = args;
  for (const { tensor, first, rows: outDim } of table.shards)
    linearForward(encoder, {
      x: hidden,
      weight: tensor,
      y: logits,
      rows,
      inDim: table.dim,
      outDim,
      columns: { start: first, stride: table.vocab },
    });
}

/** dHidden [rows, dim] = dLogits [rows, vocab] · table, overwritten; sums in f32, shard by shard. @throws RangeError on short tensors. */
export function tableBackwardInput(
  encoder: StepEncoder,
  args: {
    readonly dLogits: Tensor;
    readonly table: TokenTable;
    readonly dHidden: Tensor;
    readonly rows: number;
  },
): void {
  const { dLogits, table, dHidden, rows } = args;
  for (const { tensor, first, rows: outDim } of table.shards)
    linearBackwardInput(encoder, {
      dy: dLogits,
      weight: tensor,
      dx: dHidden,
      rows,
      inDim: table.dim,
      outDim,
      columns: { start: first, stride: table.vocab },
      accumulate: first > 0,
    });
}
