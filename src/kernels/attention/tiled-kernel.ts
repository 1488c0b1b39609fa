import type { Gpu } from '../../gpu/gpu.ts';
import type { Constants, Kernel, KernelSpec, UniformFields } from '../../gpu/kernel.ts';
import prelude from './prelude.wgsl?raw';
import { isLlvmpipe, vectorsOf, type Tile } from './tiles.ts';
import { unroll } from '../shared/unroll.ts';

/** A kernel whose WGSL is a template over `VECTORS`, `TOKENS`, `HEADS` and `KEYS`. */
export type TiledTemplate<F extends UniformFields> = Omit<KernelSpec<F>, 'entryPoint'>;

/** Specs by name: a tile is unrolled once. */
const specs = new Map<string, KernelSpec>();

/**
 * The kernel of a template for one head size and tile. Heads are read as vec4 where their size allows, else as scalars: WGSL sees
 * them as `Element`, with `inner(a, b)` for their product.
 */
export function tiledKernel<F extends UniformFields>(
  gpu: Gpu,
  template: TiledTemplate<F>,
  headDim: number,
  { tokens, heads, keys }: Tile,
  constants: Constants = {},
): Kernel<F> {
  const rolled = isLlvmpipe(gpu);
  const name = `${template.name} d${headDim} t${tokens} h${heads} k${keys}${rolled ? ' rolled' : ''}`;
  let spec = specs.get(name);
  if (!spec) {
    const [element, inner] = headDim % 4 === 0 ? ['vec4f', 'dot(a, b)'] : ['f32', 'a * b'];
    const counts = { VECTORS: vectorsOf(headDim), TOKENS: tokens, HEADS: heads, KEYS: keys };
    const head = `alias Element = ${element};\nfn inner(a: Element, b: Element) -> f32 { return ${inner}; }`;
    spec = { ...template, name, code: `${head}\n${prelude}\n${unroll(template.code, counts, rolled)}` };
    specs.set(name, spec);
  }
  return gpu.pipelines.kernel(spec as KernelSpec<F>, constants);
}
