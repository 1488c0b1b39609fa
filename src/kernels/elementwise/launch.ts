import type { Tuning } from '../../gpu/tuning.ts';
import type { Tensor } from '../../gpu/tensor.ts';

/** Invocations of a workgroup in kernels without rows. */
export const GROUP = 64;

/** Workgroups that WebGPU grants in one dimension on every adapter. */
const MAX_GROUPS = 65_535;

/** `groups` workgroups spread over x and y; WGSL numbers them `group.y * groups.x + group.x` and drops the surplus. */
export function spread(groups: number): readonly [number, number] {
  const y = Math.ceil(groups / MAX_GROUPS);
  return [y === 0 ? 0 : Math.ceil(groups / y), y];
}

/**
 * Refuses tensors that are too short: the GPU would silently clamp the reads and drop the writes beyond their ends.
 * @throws RangeError naming the operation, the tensor and both lengths.
 */
export function expectLengths(op: string, needs: readonly (readonly [Tensor, number])[]): void {
  for (const [{ label, length }, needed] of needs)
    if (length < needed)
      throw new RangeError(
        `${op}: tensor ${label} has ${length} elements, ${needed} are needed; nothing was dispatched. ` +
          `Allocate it for the largest batch of the run`,
      );
}

/**
 * Workgroups of a kernel whose invocations loop over vectors of four elements, as far apart as there are invocations. On
 * software adapters each takes up to 16: they pay for every invocation they start, and have few cores to feed.
 */
export function vectorGroups(length: number, { software }: Tuning): readonly [number, number] {
  const groups = Math.ceil(length / (4 * GROUP));
  return spread(software ? Math.max(Math.ceil(groups / 16), Math.min(groups, 8)) : groups);
}
