import type { Outcome } from '../protocol/lab-api.ts';
import { describeFailure } from './failures.ts';

/** Runs a call; what it throws becomes the answer's fault. */
export async function outcome(call: () => void | undefined | Promise<void>): Promise<Outcome<null>>;
export async function outcome<T>(call: () => T | Promise<T>): Promise<Outcome<T>>;
export async function outcome(call: () => unknown): Promise<Outcome<unknown>> {
  try {
    return { ok: true, value: (await call()) ?? null };
  } catch (error) {
    return { ok: false, fault: describeFailure(error) };
  }
}
