/** Scalar types of a kernel's uniforms. */
export type UniformType = 'f32' | 'u32' | 'i32';

/** Uniform fields in the order of the WGSL struct; all four-byte scalars, so there is no padding. */
export type UniformFields = Readonly<Record<string, UniformType>>;

/**
 * A compute kernel as data. Conventions:
 * - storage tensors are `@group(0) @binding(0…n-1)`, in the order of `storage`, at most eight;
 * - uniforms are scalars (≤ 256 bytes in all) that WGSL reads as `u.<name>`: the block is generated from `uniforms` and
 *   prepended, so a `.wgsl` file declares neither the struct nor the binding;
 * - tuning values (tile sizes, lanes) are `override` constants with defaults;
 * - one tensor may not be bound both read and read_write in a dispatch (a WebGPU rule on whole buffers).
 */
export interface KernelSpec<F extends UniformFields = UniformFields> {
  readonly name: string;
  readonly code: string;
  readonly entryPoint?: string;
  readonly storage: readonly ('read' | 'read_write')[];
  readonly uniforms: F;
}

/** Values of override constants, by name. */
export type Constants = Readonly<Record<string, number>>;

/** A kernel specialised by override constants on one device; `pipeline` is undefined until compiled. */
export interface Kernel<F extends UniformFields = UniformFields> {
  readonly spec: KernelSpec<F>;
  readonly constants: Constants;
  readonly id: number;
  pipeline: GPUComputePipeline | undefined;
  compiling: Promise<void> | undefined;
}

export type UniformValues<F extends UniformFields> = Readonly<Record<keyof F, number>>;
