import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, spread } from '../elementwise/launch.ts';
import { accessOf, quadReader, quadWriter, type Access } from '../linear/access.ts';
import { rowShape } from '../rows/rows.ts';
import { unroll } from '../shared/unroll.ts';
import forwardCode from './forward.wgsl?raw';
import { tableNeeds, type TokenTable } from './token-table.ts';

const uniforms = { rows: 'u32', width: 'u32', first: 'u32', height: 'u32', vocab: 'u32' } as const;

type EmbeddingSpec = KernelSpec<typeof uniforms>;

const specs = new Map<Access, EmbeddingSpec>();

export interface EmbedTokensArgs {
  /** f32 or as stored. */
  readonly table: TokenTable;
  /** u32 [rows], each below vocab. */
  readonly ids: Tensor;
  /** [rows, dim], overwritten; in another buffer than the table. */
  readonly x: Tensor;
  readonly rows: number;
}

/**
 * x[r] = table[ids[r]]: f32 bit for bit, stored values widened. One dispatch a shard. An id beyond the table yields its last row:
 * check ids where they are made.
 * @throws RangeError when a tensor is too short.
 */
export function embedTokens(encoder: StepEncoder, { table, ids, x, rows }: EmbedTokensArgs): void {
  const { vocab, dim, shards } = table;
  expectLengths('embedTokens', [[ids, rows], [x, rows * dim], ...tableNeeds(table)]);
  const constants = rowShape(encoder.gpu.tuning, Math.ceil(dim / 4));
  for (const { tensor, first, rows: height } of shards)
    encoder.dispatch(encoder.gpu.pipelines.kernel(specOf(accessOf(tensor.dtype, dim)), constants), {
      uniforms: { rows, width: dim, first, height, vocab },
      storage: [tensor, ids, x],
      workgroups: spread(Math.ceil(rows / constants.ROWS_PER_GROUP)),
    });
}

function specOf(access: Access): EmbeddingSpec {
  let spec = specs.get(access);
  if (!spec) {
    const shape = { height: 'u.height', width: 'u.width' };
    const table = quadReader({ name: 'table', binding: 0, access, ...shape });
    const x = quadWriter({
      name: 'x',
      binding: 2,
      access: access === 'scalar' ? 'scalar' : 'vec4',
      ...shape,
    });
    spec = {
      name: `embedding-forward ${access}`,
      code: unroll([table, x, forwardCode].join('\n'), { FOUR: 4 }),
      storage: ['read', 'read', 'read_write'],
      uniforms,
    };
    specs.set(access, spec);
  }
  return spec;
}
