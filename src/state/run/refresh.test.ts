import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RefreshQueue } from './refresh.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** So many readers of a source that changes every `period` milliseconds for five seconds; answers the times at which each drew. */
function drawnTimes(draws: readonly boolean[], period: number): number[][] {
  const queue = new RefreshQueue();
  const listeners = new Set<() => void>();
  const times = draws.map(drew => {
    const at: number[] = [];
    queue.attach(
      onChange => {
        listeners.add(onChange);
        return () => listeners.delete(onChange);
      },
      () => {
        if (drew) at.push(performance.now());
        return drew;
      },
    );
    return at;
  });
  for (let time = 0; time < 5_000; time += period) {
    for (const listener of listeners) listener();
    vi.advanceTimersByTime(period);
  }
  return times;
}

it('lets nine readers draw close to four times a second, never more, and never two in one task', () => {
  const times = drawnTimes(
    Array.from({ length: 9 }, () => true),
    5,
  );
  for (const at of times) {
    expect(at.length).toBeGreaterThanOrEqual(18);
    expect(at.length).toBeLessThanOrEqual(21);
  }
  const all = times.flat();
  expect(new Set(all).size).toBe(all.length);
});

it('draws no more often than there is something new', () => {
  for (const at of drawnTimes([true, true], 1_000)) expect(at).toHaveLength(5);
});

it('loses no time with readers that have nothing to draw', () => {
  const [last] = drawnTimes([...Array.from({ length: 40 }, () => false), true], 5).slice(-1);
  expect(last!.length).toBeGreaterThanOrEqual(18);
});
