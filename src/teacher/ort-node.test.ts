import { expect, test } from 'vitest';
import { acceptSharedWrites } from './ort-node.ts';

test('bytes of a SharedArrayBuffer are written from a copy, others as they are', () => {
  const writes: { data: Uint8Array; shared: boolean; start: number | undefined }[] = [];
  const queue = {
    writeBuffer: (_: GPUBuffer, __: number, data: Uint8Array, start?: number, count?: number) => {
      const shared = data.buffer instanceof SharedArrayBuffer;
      writes.push({ data: data.slice(start ?? 0, count && (start ?? 0) + count), shared, start });
    },
  } as unknown as GPUQueue;
  acceptSharedWrites(queue);
  acceptSharedWrites(queue);
  const heap = new Uint8Array(new SharedArrayBuffer(8));
  heap.set([1, 2, 3, 4, 5, 6, 7, 8]);
  const buffer = {} as GPUBuffer;
  queue.writeBuffer(buffer, 0, heap.subarray(2), 1, 4);
  queue.writeBuffer(buffer, 0, heap.subarray(4));
  queue.writeBuffer(buffer, 0, Uint8Array.of(9, 8, 7), 1, 2);
  expect(writes.map(({ data }) => [...data])).toEqual([
    [4, 5, 6, 7],
    [5, 6, 7, 8],
    [8, 7],
  ]);
  expect(writes.map(({ shared }) => shared)).toEqual([false, false, false]);
  expect(writes[2]!.start).toBe(1);
});
