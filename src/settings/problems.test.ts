import { expect, it } from 'vitest';
import { faultOf } from '../testing/fault-of.ts';
import { DEFAULT_CONFIG } from './default-config.ts';
import { checkedConfig, checkedLive } from './problems.ts';

it('names all that is wrong with settings, each with its path', () => {
  const fault = faultOf(() => checkedConfig({ ...DEFAULT_CONFIG, steps: 0, seed: -1, temperature: 9 }));
  expect(fault).toMatchObject({ code: 'E_CONFIG', place: 'steps' });
  expect(fault.message).toBe(
    'steps: must be at least 1; seed: must be at least 0; temperature: must be at most 5',
  );
});

it('refuses a live setting out of range, and says that the run goes on as it was', () => {
  const fault = faultOf(() => checkedLive({ learningRate: 2 }));
  expect(fault).toMatchObject({ code: 'E_CONFIG', place: 'learningRate', message: 'must be at most 1' });
  expect(fault.consequence).toMatch(/continues/);
  expect(checkedLive({ temperature: 0.5 })).toEqual({ temperature: 0.5 });
});
