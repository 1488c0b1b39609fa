import { expect, it } from 'vitest';
import { LabError } from '../contract/errors.ts';
import { NoGpuError } from '../gpu/device.ts';
import { OutOfGpuMemoryError } from '../gpu/memory.ts';
import { DeviceLostError } from '../gpu/readback.ts';
import { describeFailure, describeRunFailure } from './failures.ts';
import { answered } from './outcome.ts';

const lost = new DeviceLostError('the GPU device was lost: destroyed');

it.each([
  ['E_UNEXPECTED', new TypeError('x is undefined')],
  ['E_UNEXPECTED', 'words'],
  ['E_GPU_LOST', lost],
  ['E_GPU_MEMORY', new OutOfGpuMemoryError('logits', 8, 4)],
])(
  'says of a request that met %s that it was not carried out, and of no run that it ended',
  async (code, thrown) => {
    const { ask } = answered({
      ask: () => {
        throw thrown as Error;
      },
    });
    const outcome = await ask();
    if (outcome.ok) throw new Error('it was answered');
    expect(outcome.fault.code).toBe(code);
    expect(outcome.fault.consequence).toMatch(/^The request was not carried out/);
    expect(JSON.stringify(outcome.fault)).not.toMatch(/the run ended|start the run again|recover the run/i);
  },
);

it('says of a run that it ended, and of which step weights are kept', () => {
  expect(describeRunFailure(new TypeError('x'))).toMatchObject({
    code: 'E_UNEXPECTED',
    consequence: 'The run ended; what was recorded is kept.',
  });
  expect(describeRunFailure(lost, 10)).toMatchObject({
    code: 'E_GPU_LOST',
    consequence: 'The run ended; what was recorded is kept, and so are the weights after step 10.',
    nextStep: expect.stringContaining('Recover the run') as string,
  });
  expect(describeRunFailure(new NoGpuError('E_WEBGPU_ADAPTER', 'none'), 10, true)).toMatchObject({
    code: 'E_GPU_LOST',
    message: 'the GPU was lost and did not recover: none',
    nextStep: expect.stringContaining('Reload the page') as string,
  });
});

it('leaves a fault that was described where it arose as it is', () => {
  const fault = { code: 'E_TEST', message: 'm', consequence: 'c', nextStep: 'n' } as const;
  expect(describeFailure(new LabError(fault))).toBe(fault);
  expect(describeRunFailure(new LabError(fault), 3)).toBe(fault);
});

it('answers values as they are, and nothing as null', async () => {
  const calls = answered({ value: () => Promise.resolve(3), nothing: () => undefined });
  expect(await calls.value()).toEqual({ ok: true, value: 3 });
  expect(await calls.nothing()).toEqual({ ok: true, value: null });
});
