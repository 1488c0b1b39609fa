import type { Answered, Outcome } from '../contract/outcome.ts';
import { describeFailure } from './failures.ts';

type Call = (...args: readonly unknown[]) => unknown;

/** Runs a call; what it throws becomes the outcome's fault. */
async function outcome(call: () => unknown): Promise<Outcome<unknown>> {
  try {
    return { ok: true, value: (await call()) ?? null };
  } catch (error) {
    return { ok: false, fault: describeFailure(error) };
  }
}

/** What a thread exposes: the same calls, none of which rejects. */
export function answered<Calls extends object>(calls: Calls): Answered<Calls> {
  const entries = Object.entries(calls) as [string, Call][];
  return Object.fromEntries(
    entries.map(([name, call]) => [name, (...args: unknown[]) => outcome(() => call(...args))]),
  ) as Answered<Calls>;
}
