import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec, UniformFields, UniformValues } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import addIntoCode from './add-into.wgsl?raw';
import emaUpdateCode from './ema-update.wgsl?raw';
import fillCode from './fill.wgsl?raw';
import { expectLengths, vectorGroups } from './launch.ts';
import storeCode from './store.wgsl?raw';

export interface FillArgs {
  /** [length], overwritten. */
  readonly x: Tensor;
  readonly value: number;
  readonly length: number;
}

export interface AddIntoArgs {
  /** [length] */
  readonly x: Tensor;
  /** [length], added to; in another buffer than x. */
  readonly y: Tensor;
  readonly length: number;
  /** 1 if not given. */
  readonly scale?: number;
}

export interface EmaUpdateArgs {
  /** [length] */
  readonly source: Tensor;
  /** [length], overwritten; in another buffer than source. */
  readonly target: Tensor;
  /** In [0, 1]: what the target keeps of itself. */
  readonly decay: number;
  readonly length: number;
}

const fillSpec = {
  name: 'fill',
  code: storeCode + fillCode,
  storage: ['read_write'],
  uniforms: { length: 'u32', value: 'f32' },
} as const satisfies KernelSpec;

const addIntoSpec = {
  name: 'add-into',
  code: storeCode + addIntoCode,
  storage: ['read', 'read_write'],
  uniforms: { length: 'u32', scale: 'f32' },
} as const satisfies KernelSpec;

const emaUpdateSpec = {
  name: 'ema-update',
  code: storeCode + emaUpdateCode,
  storage: ['read', 'read_write'],
  uniforms: { length: 'u32', rate: 'f32' },
} as const satisfies KernelSpec;

/** x[i] = value for i < length. @throws RangeError when x is shorter. */
export function fill(encoder: StepEncoder, { x, value, length }: FillArgs): void {
  run(encoder, fillSpec, { length, value }, [x]);
}

/** y[i] += scale · x[i] in f32 for i < length. @throws RangeError when a tensor is shorter. */
export function addInto(encoder: StepEncoder, { x, y, length, scale = 1 }: AddIntoArgs): void {
  run(encoder, addIntoSpec, { length, scale }, [x, y]);
}

/**
 * target = decay · target + (1 − decay) · source in f32: the weights of a teacher that follows its student as an
 * exponential moving average (Tarvainen & Valpola 2017). @throws RangeError when a tensor is shorter or decay is
 * outside [0, 1].
 */
export function emaUpdate(encoder: StepEncoder, { source, target, decay, length }: EmaUpdateArgs): void {
  if (!(decay >= 0 && decay <= 1)) throw new RangeError(`emaUpdate: decay ${decay} is outside [0, 1]`);
  run(encoder, emaUpdateSpec, { length, rate: 1 - decay }, [source, target]);
}

function run<F extends UniformFields>(
  encoder: StepEncoder,
  spec: KernelSpec<F>,
  uniforms: UniformValues<F> & { readonly length: number },
  storage: readonly Tensor[],
): void {
  const { length } = uniforms;
  expectLengths(
    spec.name,
    storage.map(tensor => [tensor, length] as const),
  );
  encoder.dispatch(encoder.gpu.pipelines.kernel(spec), {
    uniforms,
    storage,
    workgroups: vectorGroups(length, encoder.gpu.tuning),
  });
}
