import { afterEach, expect, it, vi } from 'vitest';
import { createRunStore, type RunStore } from '../run/run-store.ts';
import { createWriterLock, type WriterLock } from './writer-lock.ts';

/** Locks of one origin: exclusive, granted in the order of asking. */
class Locks {
  #held = false;
  readonly #queue: (() => void)[] = [];

  request(_: string, ...rest: unknown[]): Promise<unknown> {
    const task = rest.at(-1) as (lock: unknown) => unknown;
    const options = (rest.length > 1 ? rest[0] : {}) as { ifAvailable?: boolean };
    if (this.#held && options.ifAvailable) return Promise.resolve(task(null));
    return new Promise(resolve => {
      const run = (): void => {
        this.#held = true;
        void Promise.resolve(task({})).then(value => {
          this.#held = false;
          resolve(value);
          this.#queue.shift()?.();
        });
      };
      if (this.#held) this.#queue.push(run);
      else run();
    });
  }
}

const channels: BroadcastChannel[] = [];
afterEach(() => channels.splice(0).forEach(channel => channel.close()));

function openTab(locks: Locks, busy = false): { runs: RunStore; lock: WriterLock } {
  const runs = createRunStore();
  const lock = createWriterLock(runs, {
    busy: () => busy,
    locks: locks as unknown as LockManager,
    openChannel: name => {
      const channel = new BroadcastChannel(`${name} test`);
      channels.push(channel);
      return channel;
    },
  });
  return { runs, lock };
}
const looksOn = ({ runs }: { runs: RunStore }): boolean => runs.store.getState().readOnly;

it('the first tab writes, the second looks on until the first gives way', async () => {
  const locks = new Locks();
  const first = openTab(locks);
  const second = openTab(locks);
  await vi.waitFor(() => expect(looksOn(second)).toBe(true));
  expect(looksOn(first)).toBe(false);
  second.lock.takeOver();
  await vi.waitFor(() => expect(looksOn(second)).toBe(false));
  expect(looksOn(first)).toBe(true);
  expect(second.runs.store.getState().milestone).toContain('this one trains and keeps runs now');
});

it('a tab in the middle of a run gives way to none, and says so', async () => {
  const locks = new Locks();
  const first = openTab(locks, true);
  const second = openTab(locks);
  await vi.waitFor(() => expect(looksOn(second)).toBe(true));
  second.lock.takeOver();
  await vi.waitFor(() => expect(second.runs.store.getState().notice?.code).toBe('E_TAB_BUSY'));
  expect([looksOn(first), looksOn(second)]).toEqual([false, true]);
});
