import type { Outcome } from '../contract/lab-api.ts';
import { describeFailure } from './failures.ts';

/** Runs a call; what it throws becomes the answer's fault. */
export async function answer(call: () => void | undefined | Promise<void>): Promise<Outcome<null>>;
export async function answer<T>(call: () => T | Promise<T>): Promise<Outcome<T>>;
export async function answer(call: () => unknown): Promise<Outcome<unknown>> {
  try {
    return { ok: true, value: (await call()) ?? null };
  } catch (error) {
    return { ok: false, fault: describeFailure(error) };
  }
}
