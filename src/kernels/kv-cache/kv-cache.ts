import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { expectLengths, GROUP, spread } from '../elementwise/launch.ts';
import code from './kv-append.wgsl?raw';

export interface KvAppendArgs {
  /** [rows, kvDim] f32: keys and values of new tokens, keys already turned by their position. */
  readonly k: Tensor;
  readonly v: Tensor;
  /** [slots, capacity, kvDim] f32: the caches; slots is what their length makes it. Written in the named places only. */
  readonly keys: Tensor;
  readonly values: Tensor;
  /** u32 [rows]: which sequence of the cache a row belongs to. */
  readonly slot: Tensor;
  /** u32 [rows]: where in its sequence it stands. */
  readonly position: Tensor;
  readonly rows: number;
  /** kvHeads · headDim. */
  readonly kvDim: number;
  /** Positions that a slot has room for. */
  readonly capacity: number;
}

const uniforms = { rows: 'u32', kvDim: 'u32', capacity: 'u32', slots: 'u32' } as const;

const spec: KernelSpec<typeof uniforms> = {
  name: 'kv-append',
  code,
  storage: ['read', 'read', 'read', 'read', 'read_write', 'read_write'],
  uniforms,
};

/**
 * keys[slot[r], position[r]] = k[r] and values[slot[r], position[r]] = v[r]. Copies; computes nothing. One call takes rows of many
 * slots and many positions of a slot (a prompt), but no place twice. A row whose slot or position lies outside the cache is
 * dropped, so the caller must stop a sequence at `capacity`. The caller owns the caches.
 * @throws RangeError when a tensor is too short.
 */
export function kvAppend(encoder: StepEncoder, args: KvAppendArgs): void {
  const { k, v, keys, values, slot, position, rows, kvDim, capacity } = args;
  expectLengths('kvAppend', [
    [k, rows * kvDim],
    [v, rows * kvDim],
    [slot, rows],
    [position, rows],
    [values, keys.length],
  ]);
  encoder.dispatch(encoder.gpu.pipelines.kernel(spec), {
    uniforms: { rows, kvDim, capacity, slots: Math.floor(keys.length / (capacity * kvDim)) },
    storage: [k, v, slot, position, keys, values],
    workgroups: spread(Math.ceil((rows * kvDim) / GROUP)),
  });
}
