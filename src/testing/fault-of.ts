import { LabError, type Fault } from '../contract/errors.ts';

/** The fault that `act` fails with; any other error is rethrown. @throws Error when it succeeds. */
export function faultOf(act: () => unknown): Fault {
  try {
    act();
  } catch (error) {
    if (error instanceof LabError) return error.fault;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** The same for work that takes time: a promise, or a function that may return one. */
export async function faultOfAsync(work: Promise<unknown> | (() => unknown)): Promise<Fault> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (error instanceof LabError) return error.fault;
    throw error;
  }
  throw new Error('nothing was refused');
}
