import type { KernelSpec } from '../../gpu/kernel.ts';
import { unroll } from '../shared/unroll.ts';
import block from './block.wgsl?raw';
import operandScalar from './operand-scalar.wgsl?raw';
import operandVec4 from './operand-vec4.wgsl?raw';
import resultScalar from './result-scalar.wgsl?raw';
import resultVec4 from './result-vec4.wgsl?raw';

/** Dimensions of y = x Wᵀ: x [rows, inDim], W [outDim, inDim], y [rows, outDim], all row-major f32. */
export interface LinearDims {
  readonly rows: number;
  readonly inDim: number;
  readonly outDim: number;
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
 * their rows allow, else as scalars; `result` is bound last.
 */
export function linearSpec(
  kind: string,
  template: string,
  operands: readonly TensorName[],
  result: TensorName,
  counts: Readonly<Record<string, number>>,
  dims: LinearDims,
): LinearSpec {
  const aligned = (tensor: TensorName): boolean => dims[SHAPES[tensor][1]] % 4 === 0;
  const access = [...operands, result].map(tensor => (aligned(tensor) ? 'v' : 's')).join('');
  const name = `linear-${kind} ${access} ${Object.values(counts).join('×')}`;
  let spec = specs.get(name);
  if (!spec) {
    const readers = operands.map((tensor, binding) =>
      named(`${aligned(tensor) ? operandVec4 : operandScalar}\n${block}`, tensor, binding),
    );
    const writer = named(aligned(result) ? resultVec4 : resultScalar, result, operands.length);
    spec = {
      name,
      code: unroll([...readers, writer, template].join('\n'), { ...counts, FOUR: 4 }),
      storage: [...operands.map(() => 'read' as const), 'read_write'],
      uniforms: linearUniforms,
    };
    specs.set(name, spec);
  }
  return spec;
}

function named(code: string, tensor: TensorName, binding: number): string {
  const [height, width] = SHAPES[tensor];
  return code
    .replaceAll('NAME', tensor)
    .replaceAll('BINDING', `${binding}`)
    .replaceAll('HEIGHT', `u.${height}`)
    .replaceAll('WIDTH', `u.${width}`);
}
