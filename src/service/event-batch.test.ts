import { afterEach, expect, it, vi } from 'vitest';
import type { LabEvent } from '../protocol/lab-api.ts';
import { EventBatch } from './event-batch.ts';

const PATIENCE = { timeout: 4_000 };
const event = (runId: string): LabEvent => ({ type: 'memory', runId, gpuBytes: 0, peakGpuBytes: 0 });
const unhandled = vi.fn<(reason: unknown) => void>();

afterEach(() => void process.off('unhandledRejection', unhandled));

it.each([
  ['rejects', () => Promise.reject(new Error('the page broke'))],
  [
    'throws',
    () => {
      throw new Error('the page broke');
    },
  ],
])('goes on where the page %s at what it is told', async (_, breaks) => {
  process.on('unhandledRejection', unhandled);
  const batch = new EventBatch();
  const heard: string[] = [];
  batch.listener = events => {
    heard.push(...events.map(({ runId }) => String(runId)));
    return breaks();
  };
  batch.add(event('one'));
  batch.add(event('two'));
  await expect.poll(() => heard, PATIENCE).toEqual(['one', 'two']);
  batch.add(event('three'));
  await expect.poll(() => heard, PATIENCE).toEqual(['one', 'two', 'three']);
  await new Promise(resolve => setTimeout(resolve, 10));
  expect(unhandled).not.toHaveBeenCalled();
});
