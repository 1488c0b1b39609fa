import type { Constants, Kernel, KernelSpec, UniformFields } from './kernel.ts';

/**
 * Compiles kernels once per (spec, constants) and device. Layouts are explicit, so that bind groups can be cached by
 * their buffers alone and every kernel shares the uniform group.
 */
export class Pipelines {
  readonly uniformLayout: GPUBindGroupLayout;
  readonly #device: GPUDevice;
  readonly #kernels = new Map<string, Kernel>();
  readonly #modules = new Map<string, GPUShaderModule>();
  readonly #storageLayouts = new Map<string, GPUBindGroupLayout>();

  constructor(device: GPUDevice) {
    this.#device = device;
    this.uniformLayout = device.createBindGroupLayout({
      label: 'uniforms',
      entries: [
        {
          binding: 0,
          visibility: GPU_COMPUTE_STAGE,
          buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: 0 },
        },
      ],
    });
  }

  /** The kernel for these constants; not compiled yet unless it was used before. */
  kernel<F extends UniformFields>(spec: KernelSpec<F>, constants: Constants = {}): Kernel<F> {
    const key = `${spec.name} ${JSON.stringify(constants)}`;
    let kernel = this.#kernels.get(key);
    if (!kernel) {
      kernel = { spec, constants, id: this.#kernels.size, pipeline: undefined, compiling: undefined };
      this.#kernels.set(key, kernel);
    }
    return kernel as unknown as Kernel<F>;
  }

  storageLayout(spec: KernelSpec): GPUBindGroupLayout {
    const key = spec.storage.join(' ');
    let layout = this.#storageLayouts.get(key);
    if (!layout) {
      layout = this.#device.createBindGroupLayout({
        label: key,
        entries: spec.storage.map((access, binding) => ({
          binding,
          visibility: GPU_COMPUTE_STAGE,
          buffer: { type: access === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
        })),
      });
      this.#storageLayouts.set(key, layout);
    }
    return layout;
  }

  /** Compiles now, blocking; `compile` ahead of time is better. */
  compileSync(kernel: Kernel): GPUComputePipeline {
    kernel.pipeline ??= this.#device.createComputePipeline(this.#descriptor(kernel));
    return kernel.pipeline;
  }

  /** Compiles kernels in parallel. @throws Error naming the kernel, with the WGSL lines that the compiler rejected. */
  async compile(kernels: Iterable<Kernel>): Promise<void> {
    await Promise.all([...kernels].map(kernel => (kernel.compiling ??= this.#compile(kernel))));
  }

  async #compile(kernel: Kernel): Promise<void> {
    if (kernel.pipeline) return;
    try {
      kernel.pipeline = await this.#device.createComputePipelineAsync(this.#descriptor(kernel));
    } catch (error) {
      const lines = moduleCode(kernel.spec).split('\n');
      const info = await this.#module(kernel.spec).getCompilationInfo();
      const notes = info.messages.map(m => `  ${m.lineNum}: ${m.message}\n    ${lines[m.lineNum - 1] ?? ''}`);
      throw new Error(`kernel ${kernel.spec.name} does not compile: ${String(error)}\n${notes.join('\n')}`, {
        cause: error,
      });
    }
  }

  #descriptor(kernel: Kernel): GPUComputePipelineDescriptor {
    const { spec, constants } = kernel;
    return {
      label: spec.name,
      layout: this.#device.createPipelineLayout({
        label: spec.name,
        bindGroupLayouts: [this.storageLayout(spec), this.uniformLayout],
      }),
      compute: {
        module: this.#module(spec),
        entryPoint: spec.entryPoint ?? 'main',
        constants: { ...constants },
      },
    };
  }

  #module(spec: KernelSpec): GPUShaderModule {
    const code = moduleCode(spec);
    let module = this.#modules.get(code);
    if (!module) {
      module = this.#device.createShaderModule({ label: spec.name, code });
      this.#modules.set(code, module);
    }
    return module;
  }
}

/** The kernel's WGSL behind its uniform block, which is generated from the spec so that the two cannot disagree. */
function moduleCode(spec: KernelSpec): string {
  const fields = Object.entries(spec.uniforms).map(([name, type]) => `${name}: ${type}`);
  return `struct Uniforms { ${fields.join(', ')} }\n@group(1) @binding(0) var<uniform> u: Uniforms;\n${spec.code}`;
}

/** `GPUShaderStage.COMPUTE`; the global does not exist in Node. */
const GPU_COMPUTE_STAGE = 4;
