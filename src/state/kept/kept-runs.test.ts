import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import type { Fault } from '../../contract/errors.ts';
import type { KeptApi, KeptList, KeptRun } from '../../protocol/kept-runs.ts';
import type { LabEvent, Outcome } from '../../protocol/lab-api.ts';
import type { RunRecord } from '../../record/run-record.ts';
import type { LabClient } from '../../client/lab-client.ts';
import { fixtureRecord, WHOLE_LEVELS } from '../../record/record-fixture.ts';
import { createLab, type Lab } from '../lab.ts';
import type { RunEntry } from '../run/run-store.ts';
import { MemoryStorage } from '../page/memory-storage-fixture.ts';

const fault = (code: Fault['code']): Fault => ({ code, message: 'm', consequence: 'c', nextStep: 'n' });
const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });

function kept(id: string, n: number, changes: Partial<KeptRun> = {}): KeptRun {
  return {
    id,
    label: `Run ${n}`,
    status: 'going',
    step: 20,
    resumableStep: 20,
    config: DEFAULT_CONFIG,
    savedAt: new Date(2026, 0, 1, 0, n).toISOString(),
    weightsSha256: 'w',
    bytes: 1_000,
    ...changes,
  };
}
const listOf = (...runs: KeptRun[]): KeptList => ({ runs, damaged: [], siteBytes: 1, quotaBytes: 2 });
const record: RunRecord = fixtureRecord({ to: WHOLE_LEVELS, recipe: 'opsd', seed: 1 });

let list: KeptList;
let read: Outcome<RunRecord>;
let api: { [Method in keyof KeptApi]: ReturnType<typeof vi.fn<KeptApi[Method]>> };
let stop: ReturnType<typeof vi.fn<LabClient['stop']>>;
let resumeKept: ReturnType<typeof vi.fn<LabClient['resumeKept']>>;
let emit: (...events: LabEvent[]) => void;
let lab: Lab;

function open(): Lab {
  api = {
    keptRuns: vi.fn<KeptApi['keptRuns']>(async () => ok(list)),
    keptRecord: vi.fn<KeptApi['keptRecord']>(async () =>
      read.ok ? ok({ value: read.value, skipped: null }) : read,
    ),
    deleteKept: vi.fn<KeptApi['deleteKept']>(async id => {
      list = { ...list, runs: list.runs.filter(run => run.id !== id) };
      return ok(null);
    }),
  };
  const made = createLab({
    query: '',
    keptClient: api,
    createClient: onEvents => {
      emit = (...events) => onEvents(events);
      return {
        resumeKept,
        setPace: () => Promise.resolve(ok(null)),
        stop,
        start: () => Promise.resolve(ok(null)),
      } as unknown as LabClient;
    },
  });
  made.runs.store.setState({ gpu: { kind: 'ready', name: 'test' } });
  return made;
}
const entry = (id: string): RunEntry => lab.runs.entry(id)!;

beforeEach(() => {
  vi.stubGlobal('localStorage', new MemoryStorage());
  list = listOf(kept('b', 2), kept('a', 1, { status: 'finished', resumableStep: null }));
  read = ok(record);
  resumeKept = vi.fn<LabClient['resumeKept']>(async () => ok({ step: 10, skipped: null }));
  stop = vi.fn<LabClient['stop']>(async () => ok(null));
  lab = open();
  // The note of an earlier visit.
  localStorage.setItem('copsd-lab.kept-runs', JSON.stringify({ version: 1, value: true }));
});
afterEach(() => vi.unstubAllGlobals());

describe('runs of an earlier visit', () => {
  it('are not asked for on a first visit', async () => {
    localStorage.removeItem('copsd-lab.kept-runs');
    await lab.keptRuns.open();
    expect(api.keptRuns).not.toHaveBeenCalled();
  });

  it('come back as entries whose figures are read when they are drawn; nothing runs', async () => {
    await lab.keptRuns.open();
    expect(lab.runs.store.getState().runs.map(({ id, status }) => [id, status])).toEqual([
      ['a', 'finished'],
      ['b', 'stopped'],
    ]);
    expect(entry('b').kept).toEqual({ step: 20, interrupted: true, unread: true });
    expect(lab.keptRuns.store.getState().interruptedId).toBe('b');
    expect(api.keptRecord).not.toHaveBeenCalled();
    expect(resumeKept).not.toHaveBeenCalled();
    lab.controls.show('a');
    await vi.waitFor(() => expect(entry('a').kept?.unread).toBe(false));
    expect(lab.runs.data('a').evals).toEqual(record.evals);
    lab.controls.show('a');
    expect(api.keptRecord).toHaveBeenCalledTimes(1);
  });

  it('are numbered on', async () => {
    await lab.keptRuns.open();
    lab.controls.runOrPause();
    expect(lab.runs.current()?.label).toBe('Run 3');
  });

  it('that cannot be read are said, and stay', async () => {
    read = { ok: false, fault: fault('E_CHECKPOINT_HASH') };
    await lab.keptRuns.open();
    await lab.keptRuns.show('b');
    expect(lab.runs.store.getState().notice?.code).toBe('E_CHECKPOINT_HASH');
    expect(entry('b').kept?.unread).toBe(true);
  });

  it('can be deleted, but for one that is under way', async () => {
    await lab.keptRuns.open();
    await lab.keptRuns.remove(['b']);
    expect(lab.runs.entry('b')).toBeUndefined();
    expect(lab.keptRuns.store.getState()).toMatchObject({ interruptedId: null, busy: false });
    lab.runs.patch('a', { status: 'running' });
    await lab.keptRuns.remove(['a']);
    expect(api.deleteKept).toHaveBeenCalledTimes(1);
  });
});

describe('a run that is resumed', () => {
  it('goes on from the step that the worker answers, its later figures forgotten', async () => {
    await lab.keptRuns.open();
    await lab.keptRuns.resume('b');
    await vi.waitFor(() => expect(entry('b').kept?.interrupted).toBe(false));
    expect(resumeKept).toHaveBeenCalledWith('b');
    expect(lab.runs.store.getState()).toMatchObject({ currentId: 'b', shownId: 'b' });
    expect(lab.keptRuns.store.getState().interruptedId).toBeNull();
    expect(lab.runs.data('b').evals.every(({ step }) => step <= 10)).toBe(true);
    emit({ type: 'status', runId: 'b', status: 'running', step: 10, activity: '' });
    expect(entry('b')).toMatchObject({ status: 'running', step: 10 });
    emit({ type: 'kept', runId: 'b', step: 12, fault: null });
    expect(entry('b').kept?.step).toBe(12);
  });

  it('says where it goes on from an older checkpoint', async () => {
    resumeKept.mockResolvedValue(ok({ step: 10, skipped: fault('E_CHECKPOINT_HASH') }));
    await lab.keptRuns.open();
    await lab.keptRuns.resume('b');
    await vi.waitFor(() =>
      expect(lab.runs.store.getState().notice?.consequence).toContain('checkpoint before it, of step 10'),
    );
  });

  it('is as it was where the worker refuses', async () => {
    resumeKept.mockResolvedValue({ ok: false, fault: fault('E_MODEL_UNKNOWN') });
    await lab.keptRuns.open();
    await lab.keptRuns.resume('b');
    await vi.waitFor(() => expect(lab.runs.store.getState().notice?.code).toBe('E_MODEL_UNKNOWN'));
    expect(entry('b')).toMatchObject({ status: 'stopped', step: 40, kept: { interrupted: true } });
    expect(lab.runs.store.getState().currentId).toBeNull();
  });

  it('is as it was where it is stopped while its checkpoint is read, and needs no explanation', async () => {
    await lab.keptRuns.open();
    resumeKept.mockImplementation(async () => {
      lab.controls.stop();
      return { ok: false, fault: fault('E_RUN_GONE') };
    });
    await lab.keptRuns.resume('b');
    expect(stop.mock.calls).toEqual([['b']]);
    await vi.waitFor(() => expect(entry('b').status).toBe('stopped'));
    expect(entry('b')).toMatchObject({ step: 40, requested: null, kept: { interrupted: true } });
    expect(lab.runs.store.getState()).toMatchObject({ currentId: null, notice: null });
  });

  it('does not take the place of a run that was started while its figures were read', async () => {
    await lab.keptRuns.open();
    const resumed = lab.keptRuns.resume('b');
    lab.controls.runOrPause();
    const started = lab.runs.current()!.id;
    await resumed;
    expect(resumeKept).not.toHaveBeenCalled();
    expect(lab.runs.store.getState().currentId).toBe(started);
    expect(lab.keptRuns.store.getState().interruptedId).toBe('b');
  });

  it('gives the controls back to the run that goes on, where the worker refuses', async () => {
    await lab.keptRuns.open();
    lab.controls.runOrPause();
    const going = lab.runs.current()!.id;
    resumeKept.mockResolvedValue({ ok: false, fault: fault('E_MODEL_UNKNOWN') });
    await lab.keptRuns.resume('b');
    await vi.waitFor(() => expect(lab.runs.store.getState().notice?.code).toBe('E_MODEL_UNKNOWN'));
    expect(lab.runs.store.getState().currentId).toBe(going);
    expect(stop).not.toHaveBeenCalled();
  });

  it('stays where it is in a tab that looks on', async () => {
    await lab.keptRuns.open();
    lab.runs.store.setState({ readOnly: true });
    await lab.keptRuns.resume('b');
    expect(resumeKept).not.toHaveBeenCalled();
    lab.controls.runOrPause();
    expect(lab.runs.current()).toBeUndefined();
  });
});

it('a run that came back from a lost device forgets the steps that are taken again, and says so', async () => {
  await lab.keptRuns.open();
  await lab.keptRuns.resume('b');
  emit({ type: 'rewound', runId: 'b', step: 5, fault: fault('E_GPU_LOST') });
  expect(lab.runs.data('b').evals.every(({ step }) => step <= 5)).toBe(true);
  expect(lab.runs.store.getState()).toMatchObject({
    notice: { code: 'E_GPU_LOST' },
    milestone: 'Run 2 lost the GPU and resumed by itself from step 5.',
  });
});
