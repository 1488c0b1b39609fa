import { expose } from 'comlink';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../contract/errors.ts';
import type { KeptList } from '../protocol/kept-runs.ts';
import type { LabApi, LabEvent, Outcome } from '../protocol/lab-api.ts';
import { BEAT_MS, SILENT_MS, startHeartbeat } from './heartbeat.ts';
import { createKeptClient } from './kept-client.ts';
import { createLabClient, DEADLINES, type LabClient } from './lab-client.ts';

const DONE: Outcome<null> = { ok: true, value: null };

/** The other thread, as far as messages go: a channel, an interface at its far end, and a way to cut it. */
function thread(api: Partial<LabApi>) {
  const { port1, port2 } = new MessageChannel();
  expose({ subscribe: async () => DONE, ping: async () => DONE, ...api }, port2);
  const errors = new EventTarget();
  const terminate = vi.fn<() => void>(() => port1.close());
  const worker = {
    postMessage: port1.postMessage.bind(port1),
    addEventListener: (type: string, listener: EventListener) =>
      (type === 'message' ? port1 : errors).addEventListener(type, listener),
    removeEventListener: port1.removeEventListener.bind(port1),
    start: () => port1.start(),
    terminate,
  };
  return { worker: worker as unknown as Worker, errors, terminate };
}

let client: LabClient | undefined;
function open(api: Partial<LabApi>) {
  const other = thread(api);
  const events: LabEvent[] = [];
  const onDeath = vi.fn<(fault: Fault) => void>();
  client = createLabClient({
    createWorker: () => other.worker,
    onEvents: batch => events.push(...batch),
    onDeath,
  });
  return { client, events, onDeath, ...other };
}

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    }),
);
afterEach(() => {
  client?.dispose();
  vi.useRealTimers();
});

const settled = async <T>(answer: Promise<Outcome<T>>): Promise<string> => {
  const outcome = await answer;
  return outcome.ok ? 'ok' : outcome.fault.code;
};

describe('calls', () => {
  it('bring answers and faults across as they are', async () => {
    const fault: Fault = { code: 'E_TEST', message: 'no', consequence: 'none', nextStep: 'none' };
    const { client: lab } = open({ pause: async () => DONE, stop: async () => ({ ok: false, fault }) });
    expect(await lab.pause('run')).toEqual(DONE);
    expect(await lab.stop('run')).toEqual({ ok: false, fault });
  });

  it('answer E_CALL_FAILED where the other side throws', async () => {
    const { client: lab } = open({
      pause: () => Promise.reject(new Error('boom')),
    });
    expect(await settled(lab.pause('run'))).toBe('E_CALL_FAILED');
  });

  it('answer E_NO_ANSWER at their deadline', async () => {
    const { client: lab } = open({ pause: () => new Promise(() => undefined) });
    const answer = settled(lab.pause('run'));
    await vi.advanceTimersByTimeAsync(9_900);
    const early = await Promise.race([answer, Promise.resolve('waiting')]);
    expect(early).toBe('waiting');
    await vi.advanceTimersByTimeAsync(200);
    expect(await answer).toBe('E_NO_ANSWER');
  });

  it('answer E_WORKER_GONE when the worker dies under them, and after', async () => {
    const { client: lab, errors, onDeath, terminate } = open({ models: () => new Promise(() => undefined) });
    const pending = settled(lab.models());
    errors.dispatchEvent(
      Object.assign(new Event('error', { cancelable: true }), { message: 'out of memory' }),
    );
    expect(await pending).toBe('E_WORKER_GONE');
    expect(await settled(lab.pause('run'))).toBe('E_WORKER_GONE');
    expect(onDeath).toHaveBeenCalledOnce();
    expect(onDeath.mock.calls[0]?.[0]).toMatchObject({ code: 'E_WORKER_CRASHED' });
    expect(onDeath.mock.calls[0]?.[0].message).toContain('out of memory');
    expect(terminate).toHaveBeenCalled();
  });

  it('keep quiet about a worker that was disposed of', async () => {
    const { client: lab, onDeath } = open({ models: () => new Promise(() => undefined) });
    const pending = settled(lab.models());
    lab.dispose();
    expect(await pending).toBe('E_WORKER_GONE');
    await vi.advanceTimersByTimeAsync(SILENT_MS * 2);
    expect(onDeath).not.toHaveBeenCalled();
  });
});

it('hands the bytes of a teacher over instead of copying them', async () => {
  const received: number[] = [];
  const { client: lab } = open({
    addTeacher: async (_, { name, onnx }) => {
      received.push(...onnx);
      return { ok: true, value: { name } };
    },
  });
  const onnx = new Uint8Array([1, 2, 3]);
  const student = { name: 'world-s', storage: 'f32' } as const;
  expect(await lab.addTeacher(student, { name: 'mine', config: {}, tokenizer: {}, onnx })).toEqual({
    ok: true,
    value: { name: 'mine' },
  });
  expect(received).toEqual([1, 2, 3]);
  expect(onnx).toHaveLength(0);
});

describe('heartbeat', () => {
  it('tells a silent worker dead, once', async () => {
    const { onDeath } = open({ ping: () => new Promise(() => undefined) });
    for (let waited = 0; waited < SILENT_MS * 3; waited += 500) await vi.advanceTimersByTimeAsync(500);
    expect(onDeath).toHaveBeenCalledOnce();
    expect(onDeath.mock.calls[0]?.[0].code).toBe('E_WORKER_SILENT');
  });

  it('does not blame the worker for the page’s own sleep, and goes on watching', async () => {
    const onSilent = vi.fn<() => void>();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const heartbeat = startHeartbeat(() => undefined, onSilent);
    // A tick that comes a minute late, as after a closed lid.
    clock.mockReturnValue(60_000);
    await vi.advanceTimersByTimeAsync(BEAT_MS);
    expect(onSilent).not.toHaveBeenCalled();
    for (let now = 62_000; now <= 62_000 + SILENT_MS; now += BEAT_MS) {
      clock.mockReturnValue(now);
      await vi.advanceTimersByTimeAsync(BEAT_MS);
    }
    expect(onSilent).toHaveBeenCalledOnce();
    heartbeat.stop();
    clock.mockRestore();
  });
});

it('hands over what the worker tells', async () => {
  let tell: (events: readonly LabEvent[]) => void = () => undefined;
  const { client: lab, events } = open({
    subscribe: async listener => {
      tell = listener;
      return DONE;
    },
    pause: async () => {
      tell([{ type: 'memory', runId: 'a', gpuBytes: 1, peakGpuBytes: 2 }]);
      return DONE;
    },
  });
  await lab.pause('run');
  await vi.waitFor(() =>
    expect(events).toEqual([{ type: 'memory', runId: 'a', gpuBytes: 1, peakGpuBytes: 2 }]),
  );
});

it('keeps an error of the page from the worker, reports it on the page, and goes on listening', async () => {
  let tell: (events: readonly LabEvent[]) => unknown = () => undefined;
  const heard: string[] = [];
  const other = thread({
    subscribe: async listener => {
      tell = listener;
      return DONE;
    },
  });
  const onDeath = vi.fn<(fault: Fault) => void>();
  client = createLabClient({
    createWorker: () => other.worker,
    onEvents: ([event]) => {
      heard.push(String(event?.runId));
      throw new Error('a panel broke');
    },
    onDeath,
  });
  await client.ping();
  const event = (runId: string): LabEvent => ({ type: 'memory', runId, gpuBytes: 1, peakGpuBytes: 2 });
  for (const runId of ['one', 'two']) {
    await expect(tell([event(runId)])).resolves.toBeUndefined();
    expect(() => vi.runOnlyPendingTimers()).toThrow('a panel broke');
  }
  expect(heard).toEqual(['one', 'two']);
  expect(onDeath).not.toHaveBeenCalled();
});

describe('kept runs', () => {
  it('are asked of a new worker after a crash, which claims nothing of a run', async () => {
    const list: KeptList = { runs: [], damaged: [], siteBytes: 0, quotaBytes: 0 };
    const hung = thread({ keptRuns: () => new Promise<never>(() => undefined) } as Partial<LabApi>);
    const good = thread({ keptRuns: async () => ({ ok: true, value: list }) } as Partial<LabApi>);
    const threads = [hung, good];
    const kept = createKeptClient(() => threads.shift()!.worker);
    const pending = kept.keptRuns();
    hung.errors.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message: 'boom' }));
    const outcome = await pending;
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'E_WORKER_CRASHED' } });
    expect(JSON.stringify(outcome)).not.toMatch(/training worker|was learnt/);
    expect(hung.terminate).toHaveBeenCalled();
    expect(await kept.keptRuns()).toEqual({ ok: true, value: list });
    expect(threads).toEqual([]);
    good.terminate();
  });
});

it('has a deadline for every call, and a call for every deadline', async () => {
  const asked: string[] = [];
  const api = Object.fromEntries(
    Object.keys(DEADLINES).map(name => [name, async () => (asked.push(name), DONE)]),
  ) as unknown as LabApi;
  const { client: lab } = open(api);
  const { addTeacher, ...others } = lab as unknown as Record<string, () => Promise<unknown>>;
  for (const name of Object.keys(DEADLINES)) if (name !== 'addTeacher') await others[name]!();
  expect(addTeacher).toBeTypeOf('function');
  expect(new Set([...asked, 'addTeacher'])).toEqual(new Set(Object.keys(DEADLINES)));
});
