import type { KernelSpec } from '../../gpu/kernel.ts';
import type { DType } from '../../gpu/tensor.ts';
import { unroll } from '../shared/unroll.ts';
import { accessOf, blockReader, quadWriter, type MatrixBinding } from './access.ts';

/** Dimensions of y = x Wᵀ: x [rows, inDim], W [outDim, inDim], y [rows, outDim], all row-major. */
export interface LinearDims {
  readonly rows: number;
  readonly inDim: number;
  readonly outDim: number;
}

/** A product as kernels see it. */
export interface LinearProblem extends LinearDims {
  /** How the weight is stored; f32 by default. */
  readonly weightType?: DType;
  /** Where y and dy lie in wider rows: see `LinearColumns`. */
  readonly columns?: LinearColumns;
}

/** y and dy are the columns start … start + outDim of rows of `stride` elements. */
export interface LinearColumns {
  readonly start: number;
  readonly stride: number;
}

/** One block for all matrix products, so that they can share launches. */
export const linearUniforms = {
  rows: 'u32',
  inDim: 'u32',
  outDim: 'u32',
  /** Rows (in tiled kernels: quads of the sum) that one invocation or part goes over. */
  span: 'u32',
  /** Parts of a sum, each with a result of its own. */
  parts: 'u32',
  accumulate: 'u32',
  bias: 'u32',
  scale: 'f32',
  /** First column and row length of y and dy. */
  start: 'u32',
  stride: 'u32',
} as const;

export type LinearSpec = KernelSpec<typeof linearUniforms>;

/** Height and width of each tensor, by the name that the templates use. */
const SHAPES = {
  x: ['rows', 'inDim'],
  dx: ['rows', 'inDim'],
  y: ['rows', 'outDim'],
  dy: ['rows', 'outDim'],
  weight: ['outDim', 'inDim'],
  dWeight: ['outDim', 'inDim'],
  bias: ['rows', 'outDim'],
} as const;

type TensorName = keyof typeof SHAPES;

const specs = new Map<string, LinearSpec>();

/**
 * The kernel of `template` with its loops written out `counts` times. `operands` are bound in their order and read as vec4 where
 * their rows allow, else as scalars, or as the weight is stored; `result` is bound last.
 */
export function linearSpec(
  kind: string,
  template: string,
  operands: readonly TensorName[],
  result: TensorName,
  counts: Readonly<Record<string, number>>,
  problem: LinearProblem,
): LinearSpec {
  const matrices = [...operands, result].map((tensor, binding) => matrixOf(tensor, binding, problem));
  const access = matrices.map(matrix => matrix.access[0]).join('');
  const name = `linear-${kind} ${access} ${Object.values(counts).join('×')}`;
  let spec = specs.get(name);
  if (!spec) {
    const code = matrices.map((matrix, i) =>
      i < operands.length ? blockReader(matrix) : quadWriter(matrix),
    );
    spec = {
      name,
      code: unroll([...code, template].join('\n'), { ...counts, FOUR: 4 }),
      storage: [...operands.map(() => 'read' as const), 'read_write'],
      uniforms: linearUniforms,
    };
    specs.set(name, spec);
  }
  return spec;
}

function matrixOf(name: TensorName, binding: number, problem: LinearProblem): MatrixBinding {
  const { weightType = 'f32', columns } = problem;
  const [height, width] = SHAPES[name];
  const shape = { name, binding, height: `u.${height}`, width: `u.${width}` };
  if (name !== 'y' && name !== 'dy')
    return { ...shape, access: accessOf(name === 'weight' ? weightType : 'f32', problem[width]) };
  const offsets = columns ? [columns.start, columns.stride] : [];
  return {
    ...shape,
    access: accessOf('f32', problem[width], ...offsets),
    stride: 'u.stride',
    start: 'u.start',
  };
}
