import { LabError, type Fault } from '../../contract/errors.ts';
import type { RunStore } from '../../state/run/run-store.ts';

/** Makes a file, and reports a failure. Returns the result; undefined if it failed. */
export async function sayingFailure<T>(runs: RunStore, make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    runs.store.setState({ notice: error instanceof LabError ? error.fault : notMade(error) });
    return undefined;
  }
}

const notMade = (error: unknown): Fault => ({
  code: 'E_EXPORT_FAILED',
  message: `the file could not be made: ${error instanceof Error ? error.message : String(error)}`,
  consequence: 'Nothing was saved; the run and its figures are unchanged.',
  nextStep: 'Try again, or save the run as JSON.',
});
