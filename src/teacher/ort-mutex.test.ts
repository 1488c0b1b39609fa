import { expect, test } from 'vitest';
import { withOrt } from './ort-mutex.ts';

const later = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

test('calls made at once run one after the other, in their order', async () => {
  let running = 0;
  let most = 0;
  const ended: number[] = [];
  const results = await Promise.all(
    [6, 1, 3, 0].map((ms, i) =>
      withOrt(async () => {
        most = Math.max(most, ++running);
        await later(ms);
        running--;
        ended.push(i);
        return i * 10;
      }),
    ),
  );
  expect(most).toBe(1);
  expect(ended).toEqual([0, 1, 2, 3]);
  expect(results).toEqual([0, 10, 20, 30]);
});

test('a call that is made while another runs waits for it', async () => {
  const events: string[] = [];
  const first = withOrt(async () => {
    events.push('first begins');
    await later(5);
    events.push('first ends');
  });
  await later(1);
  const second = withOrt(async () => {
    events.push('second');
  });
  await Promise.all([first, second]);
  expect(events).toEqual(['first begins', 'first ends', 'second']);
});

test('a failure reaches its caller alone, thrown at once or later', async () => {
  const thrown = withOrt(() => {
    throw new Error('at once');
  });
  const rejected = withOrt(async () => {
    await later(1);
    throw new Error('later');
  });
  const after = withOrt(async () => 'fine');
  await expect(thrown).rejects.toThrow('at once');
  await expect(rejected).rejects.toThrow('later');
  await expect(after).resolves.toBe('fine');
});
