import { releaseProxy, wrap } from 'comlink';
import type { Fault } from '../contract/errors.ts';
import type { Outcome } from '../contract/outcome.ts';
import { callFailed, noAnswer } from './faults.ts';

/** Seconds within which each call of a thread must be answered. */
export type Deadlines<Api> = Readonly<Record<keyof Api & string, number>>;

type Call<Api, Answer> = (method: keyof Api & string, args: readonly unknown[]) => Promise<Answer>;

/** One method for each line of `deadlines`, all of which are made by `call`. */
export function faceOf<Api>(deadlines: Deadlines<Api>, call: Call<Api, Outcome<unknown>>): Api {
  const methods = Object.keys(deadlines) as (keyof Api & string)[];
  return Object.fromEntries(
    methods.map(method => [method, (...args: unknown[]) => call(method, args)]),
  ) as Api;
}

export interface Thread<Api> {
  /** Settles with the answer, at the deadline, or with the fault that `end` was given, also when called after it. */
  readonly call: Call<Api, Outcome<unknown>>;
  /** Terminates the worker. @param fault the fault of every pending and later call, by its method */
  end(fault: (method: string) => Fault): void;
}

/** Calls a worker, each within its deadline. `onCrash` is called when the worker throws outside of any call, or cannot be loaded. */
export function openThread<Api>(
  worker: Worker,
  deadlines: Deadlines<Api>,
  onCrash: (message: string) => void,
): Thread<Api> {
  const remote = wrap<Record<string, (...args: readonly unknown[]) => Promise<Outcome<unknown>>>>(worker);
  const pending = new Set<(fault: (method: string) => Fault) => void>();
  let ended: ((method: string) => Fault) | null = null;

  worker.addEventListener('error', event => {
    event.preventDefault();
    onCrash(event.message);
  });
  worker.addEventListener('messageerror', () => onCrash('a message could not be read'));

  return {
    call: (method, args) =>
      new Promise(resolve => {
        const settle = (outcome: Outcome<unknown>): void => {
          clearTimeout(timer);
          pending.delete(end);
          resolve(outcome);
        };
        const fail = (fault: Fault): void => settle({ ok: false, fault });
        const end = (fault: (of: string) => Fault): void => fail(fault(method));
        const seconds = deadlines[method];
        const timer = setTimeout(() => fail(noAnswer(method, seconds)), seconds * 1_000);
        if (ended) return end(ended);
        pending.add(end);
        remote[method](...args).then(settle, (error: unknown) => fail(callFailed(method, error)));
      }),
    end(fault) {
      if (ended) return;
      ended = fault;
      worker.terminate();
      for (const end of [...pending]) end(fault);
      remote[releaseProxy]();
    },
  };
}
