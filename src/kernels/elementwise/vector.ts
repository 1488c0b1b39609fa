import type { KernelSpec, UniformFields } from '../../gpu/kernel.ts';

/** WGSL that a kernel over vectors `V` starts with: V is four neighbouring elements, or one. */
const PRELUDE = {
  4: 'alias V = vec4f;\nfn total(v: V) -> f32 { return (v.x + v.y) + (v.z + v.w); }\n',
  1: 'alias V = f32;\nfn total(v: V) -> f32 { return v; }\n',
} as const;

/** A kernel for rows of `dim / width` vectors of `width` elements. */
export interface VectorSpec<F extends UniformFields> {
  readonly spec: KernelSpec<F>;
  readonly width: 1 | 4;
}

/**
 * Both forms of a row kernel written over `V` and `total(V) -> f32`: the result picks the form for a row length, vec4
 * where rows are whole vectors (and so 16-byte aligned), scalars otherwise.
 */
export function vectorSpecs<F extends UniformFields>(spec: KernelSpec<F>): (dim: number) => VectorSpec<F> {
  const form = (width: 1 | 4): VectorSpec<F> => ({
    spec: { ...spec, name: `${spec.name}-x${width}`, code: PRELUDE[width] + spec.code },
    width,
  });
  const vector = form(4);
  const scalar = form(1);
  return dim => (dim % 4 === 0 ? vector : scalar);
}
