import type { KernelSpec, UniformFields } from '../../gpu/kernel.ts';
import type { Tuning } from '../../gpu/tuning.ts';
import prelude from './prelude.wgsl?raw';
import { unroll } from './unroll.ts';

export interface HeadShape {
  readonly heads: number;
  /** Divides heads. */
  readonly kvHeads: number;
  readonly headDim: number;
}

/** What one invocation keeps in registers, and how many invocations walk the same keys or queries together. */
export interface Tile {
  readonly tokens: number;
  /** Query heads of one group; divides heads / kvHeads. */
  readonly heads: number;
  /** Keys between two looks at the running maximum. */
  readonly keys: number;
  readonly tokenLanes: number;
  readonly headLanes: number;
  readonly roll: number;
}

/** Tiles of the three heavy kernels. */
export interface Tiles {
  readonly forward: Tile;
  readonly keys: Tile;
  readonly queries: Tile;
}

export function tilesFor(tuning: Tuning): Tiles {
  const t = {
    tokens: tuning.software ? 4 : 1,
    heads: 1,
    keys: 1,
    tokenLanes: tuning.software ? 4 : 32,
    headLanes: 1,
    roll: tuning.software ? 1 : 0,
  };
  return { forward: t, keys: t, queries: t };
}

const specs = new Map<string, KernelSpec>();

/**
 * The kernel of a template for one head size and tile; `access` spells its bindings, r for read and w for read_write. Heads are
 * read as vec4 where their size allows, else as scalars.
 */
export function tiledSpec<F extends UniformFields>(
  kind: string,
  template: string,
  headDim: number,
  { tokens, heads, keys, roll }: Tile,
  uniforms: F,
  access: string,
): KernelSpec<F> {
  const name = `${kind} d${headDim} t${tokens} h${heads} k${keys} ${roll}`;
  let spec = specs.get(name);
  if (!spec) {
    const [element, inner, width] = headDim % 4 === 0 ? ['vec4f', 'dot(a, b)', 4] : ['f32', 'a * b', 1];
    const counts = { VECTORS: headDim / width, TOKENS: tokens, HEADS: heads, KEYS: keys, ROLL: roll };
    const head = `alias Element = ${element};\nfn inner(a: Element, b: Element) -> f32 { return ${inner}; }`;
    spec = {
      name,
      code: `${head}\n${prelude}\n${unroll(template, counts)}`,
      storage: Array.from(access, letter => (letter === 'r' ? 'read' : 'read_write')),
      uniforms,
    };
    specs.set(name, spec);
  }
  return spec as KernelSpec<F>;
}

/** As `Tile`; the lanes of a query split its keys, and a workgroup takes `queries` of them. */
export interface DecodeTile extends Tile {
  readonly lanes: number;
  readonly queries: number;
}

export function decodeTile(tuning: Tuning, { heads, kvHeads }: HeadShape): DecodeTile {
  const lanes = tuning.software ? 1 : 16;
  return {
    tokens: 1,
    heads: heads / kvHeads > 4 ? 1 : heads / kvHeads,
    keys: 2,
    tokenLanes: 1,
    headLanes: 1,
    roll: tuning.software ? 1 : 0,
    lanes,
    queries: tuning.software ? 8 : 4,
  };
}
