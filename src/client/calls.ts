import type { Fault } from '../contract/errors.ts';
import type { Outcome } from '../protocol/lab-api.ts';
import { callFailed, noAnswer } from './faults.ts';

/** Calls to a thread that are under way. Each settles: with its answer, at its deadline, or when `end` says that the thread is gone. */
export class Calls {
  readonly #ends = new Set<(fault: (method: string) => Fault) => void>();

  make<T>(method: string, seconds: number, ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return new Promise(resolve => {
      const settle = (outcome: Outcome<T>): void => {
        clearTimeout(timer);
        this.#ends.delete(end);
        resolve(outcome);
      };
      const fail = (fault: Fault): void => settle({ ok: false, fault });
      const end = (fault: (of: string) => Fault): void => fail(fault(method));
      const timer = setTimeout(() => fail(noAnswer(method, seconds)), seconds * 1_000);
      this.#ends.add(end);
      ask().then(settle, (error: unknown) => fail(callFailed(method, error)));
    });
  }

  /** Settles every call that is under way. @param fault what to tell each, by its method */
  end(fault: (method: string) => Fault): void {
    for (const end of [...this.#ends]) end(fault);
  }
}
