import { beforeEach, describe, expect, it, vi } from 'vitest';
import { withRecipe } from '../../settings/choices.ts';
import { fixtureCalibration, fixtureRows } from '../../record/calibration-fixture.ts';
import {
  client,
  clients,
  die,
  emit,
  fault,
  lab,
  openPage,
  receipt,
  recorded,
  run,
  started,
  status,
  stepRecord,
} from './run-controller-fixture.ts';
import { RECORDED_ID, waitsForReview } from './run-store.ts';

beforeEach(openPage);

describe('a live run', () => {
  it('starts with the recorded settings, shown beside the recorded run', async () => {
    await started();
    const { config } = recorded.receipt;
    expect(client.start).toHaveBeenCalledWith({ id: run().id, label: 'Run 1', config, paused: false });
    expect(run()).toMatchObject({ label: 'Run 1', origin: 'live', status: 'running' });
    expect(lab.runs.store.getState().shownId).toBe(run().id);
    expect(lab.runs.store.getState().runs.map(({ id }) => id)).toEqual([RECORDED_ID, run().id]);
  });

  it('pauses, goes on and stops, and says milestones', async () => {
    await started();
    lab.controls.runOrPause();
    expect(client.pause).toHaveBeenCalledOnce();
    expect(run().requested).toBe('pause');
    lab.controls.runOrPause();
    expect(client.pause).toHaveBeenCalledOnce();
    status('paused', 2);
    expect(run().requested).toBeNull();
    expect(lab.runs.store.getState().milestone).toBe('Run 1 is paused at step 2 of 3.');
    lab.controls.runOrPause();
    expect(client.resume).toHaveBeenCalledOnce();
    status('running', 2);
    lab.controls.stop();
    status('stopped', 2);
    expect(run().status).toBe('stopped');
  });

  it('takes one step of a new run, and no other by itself', () => {
    lab.controls.step();
    const { id } = run();
    expect(client.start).toHaveBeenCalledWith(expect.objectContaining({ id, label: 'Run 1', paused: true }));
    expect(client.start).toHaveBeenCalledBefore(client.step);
    status('paused');
    expect(client.step.mock.calls).toEqual([[id]]);
    status('paused', 1);
    expect(client.step).toHaveBeenCalledOnce();
    lab.controls.step();
    expect(client.step).toHaveBeenCalledTimes(2);
  });

  it('that is stopped while its model is opened is stopped by its name, and shows the wish', () => {
    lab.controls.runOrPause();
    lab.controls.stop();
    expect(run()).toMatchObject({ status: 'preparing', requested: 'stop' });
    expect(client.stop.mock.calls).toEqual([[run().id]]);
    status('stopped');
    expect(run()).toMatchObject({ status: 'stopped', requested: null });
  });

  it('shows the device that it was opened on', () => {
    lab.controls.runOrPause();
    const info = { gpuAdapter: receipt.adapter, software: true };
    emit({ type: 'opened', runId: run().id, info });
    expect(lab.runs.store.getState().info).toEqual(info);
  });

  it('keeps its figures when reset or restarted', async () => {
    await started();
    const first = run().id;
    emit({ type: 'step', runId: first, record: stepRecord(1) });
    lab.controls.restart();
    await vi.waitFor(() => expect(client.start).toHaveBeenCalledTimes(2));
    expect(client.stop).toHaveBeenCalledOnce();
    expect(run().label).toBe('Run 2');
    expect(lab.runs.data(first).series.rows).toBe(1);
    lab.controls.reset();
    expect(lab.runs.store.getState()).toMatchObject({ currentId: null, shownId: RECORDED_ID });
    expect(lab.runs.entry(first)).toBeDefined();
  });

  it('drops events of runs that it does not know', async () => {
    await started();
    emit({ type: 'step', runId: 'stranger', record: stepRecord(1) });
    expect(lab.runs.data(run().id).series.rows).toBe(0);
  });

  it('writes live changes back once the worker has taken them', async () => {
    await started();
    lab.controls.setLive({ learningRate: 0.01 });
    await vi.waitFor(() => expect(run().config.optimizer.learningRate).toBe(0.01));
    expect(run().config.temperature).toBe(1);
  });

  it('keeps a live change that was on its way when the next one was made', async () => {
    await started();
    lab.controls.setLive({ learningRate: 0.01 });
    lab.controls.setLive({ temperature: 0.7 });
    await vi.waitFor(() => expect(run().config.temperature).toBe(0.7));
    expect(run().config.optimizer.learningRate).toBe(0.01);
  });

  it('does not start with settings that cannot be run', () => {
    lab.config.edit(draft => ({ ...draft, steps: 0 }));
    lab.controls.runOrPause();
    expect(lab.runs.current()).toBeUndefined();
  });
});

describe('Cross-SFT of a live run', () => {
  const rows = fixtureRows(5);
  const review = async (): Promise<string> => {
    lab.config.edit(draft => {
      const copsd = withRecipe(draft, 'copsd');
      return { ...copsd, calibration: { ...copsd.calibration!, review: true } };
    });
    await started();
    const { id } = run();
    emit({ type: 'crossed', runId: id, rows });
    status('paused');
    return id;
  };
  const dropped = (id: string): number[] => [...lab.runs.data(id).crossed.dropped];

  it('says that it waits for a look at the set, and no longer once it learns', async () => {
    const id = await review();
    expect(lab.runs.store.getState().milestone).toMatch(/^Run 1 waits: the 5 pairs/);
    expect(waitsForReview(run(), lab.runs.data(id))).toBe(true);
    status('running');
    emit({ type: 'calibration-step', runId: id, record: { step: 1, of: 2, loss: 1 } });
    status('paused');
    expect(waitsForReview(run(), lab.runs.data(id))).toBe(false);
  });

  it('leaves rows out and takes them in again, as the worker confirms', async () => {
    const id = await review();
    client.setDropped.mockImplementation(async (...requested: unknown[]) => ({
      ok: true,
      value: { dropped: requested[1] },
    }));
    await lab.crossed.drop(id, [1, 3], true);
    expect(dropped(id)).toEqual([1, 3]);
    await lab.crossed.drop(id, [1], false);
    expect(client.setDropped).toHaveBeenLastCalledWith(id, [3]);
    expect(dropped(id)).toEqual([3]);
  });

  it('goes back to what the worker has where it refuses, and says why', async () => {
    const id = await review();
    client.setDropped.mockResolvedValue({ ok: false, fault: fault('E_RUN_STATE') });
    const requested = lab.crossed.drop(id, [2], true);
    expect(dropped(id)).toEqual([2]);
    await requested;
    expect(dropped(id)).toEqual([]);
    expect(lab.runs.store.getState().notice?.code).toBe('E_RUN_STATE');
  });

  it('asks nothing once the teacher has learnt', async () => {
    const id = await review();
    emit({ type: 'calibration', runId: id, record: fixtureCalibration(5) });
    expect(lab.runs.store.getState().milestone).toBe('Run 1: the teacher is calibrated.');
    await lab.crossed.drop(id, [4], true);
    expect(client.setDropped).not.toHaveBeenCalled();
  });
});

describe('a teacher of one’s own', () => {
  const files = ['config.json', 'tokenizer.json', 'mine.onnx'].map(name => new File(['{}'], name));

  it('becomes the teacher of the next run once the worker has taken it', async () => {
    lab.controls.client();
    client.addTeacher.mockResolvedValue({ ok: true, value: { name: 'mine' } });
    await lab.teachers.add(files);
    expect(client.addTeacher.mock.calls[0]![0]).toEqual({ name: 'world-s', storage: 'f32' });
    expect(lab.config.store.getState().draft.teacher).toEqual({ kind: 'external', model: 'mine' });
    expect(lab.teachers.store.getState()).toEqual({ added: ['mine'], adding: false, fault: null });
  });

  it('that does not fit changes nothing and says why', async () => {
    lab.controls.client();
    client.addTeacher.mockResolvedValue({ ok: false, fault: fault('E_TEACHER_TOKENIZER') });
    await lab.teachers.add(files);
    expect(lab.config.store.getState().draft.teacher.kind).toBe('frozen');
    expect(lab.teachers.store.getState().fault?.code).toBe('E_TEACHER_TOKENIZER');
    await lab.teachers.add(files.slice(1));
    expect(client.addTeacher).toHaveBeenCalledOnce();
    expect(lab.teachers.store.getState().fault?.code).toBe('E_TEACHER_FILES');
  });
});

describe('faults', () => {
  it('of opening fail the run', async () => {
    lab.controls.client();
    lab.controls.runOrPause();
    emit({ type: 'fault', runId: run().id, fault: fault('E_MODEL_FETCH') });
    status('failed');
    expect(run().status).toBe('failed');
    expect(run().fault?.code).toBe('E_MODEL_FETCH');
  });

  it('of the device leave data, and recovery rewinds to the kept weights', async () => {
    await started();
    const { id } = run();
    for (const step of [1, 2]) emit({ type: 'step', runId: id, record: stepRecord(step) });
    emit({ type: 'fault', runId: id, fault: fault('E_DEVICE_LOST') });
    status('failed', 2);
    expect(run().fault?.code).toBe('E_DEVICE_LOST');
    expect(lab.runs.data(id).toRecord()?.fault?.code).toBe('E_DEVICE_LOST');
    lab.controls.recover();
    await vi.waitFor(() => expect(run().fault).toBeNull());
    expect([...lab.runs.data(id).series.steps]).toEqual([1]);
    expect(lab.runs.data(id).toRecord()?.fault).toBeUndefined();
  });

  it('of the worker fail the run, keep its data, and the next run has a new worker', async () => {
    await started();
    const { id } = run();
    emit({ type: 'step', runId: id, record: stepRecord(1) });
    die(fault('E_WORKER_SILENT'));
    expect(run()).toMatchObject({ status: 'failed', fault: { code: 'E_WORKER_SILENT' } });
    expect((await lab.controls.record(id))?.steps).toHaveLength(1);
    lab.controls.restart();
    await vi.waitFor(() => expect(client.start).toHaveBeenCalled());
    expect(clients).toBe(2);
    expect(run().label).toBe('Run 2');
  });

  it('of a call are shown, and can be dismissed', async () => {
    await started();
    client.pause.mockResolvedValue({ ok: false, fault: fault('E_NO_ANSWER') });
    lab.controls.runOrPause();
    await vi.waitFor(() => expect(lab.runs.store.getState().notice?.code).toBe('E_NO_ANSWER'));
    expect(run().requested).toBeNull();
    lab.controls.dismissNotice();
    expect(lab.runs.store.getState().notice).toBeNull();
  });
});

describe('without a GPU', () => {
  it('replays the recorded run, step by step and to its end, without a worker', async () => {
    vi.useFakeTimers();
    lab.runs.store.setState({ gpu: { kind: 'none', fault: fault('E_NO_WEBGPU') } });
    lab.controls.step();
    await vi.advanceTimersByTimeAsync(0);
    expect(run()).toMatchObject({ origin: 'replay', status: 'paused', step: 1 });
    lab.controls.runOrPause();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(run()).toMatchObject({ status: 'finished', step: 3 });
    expect(await lab.controls.record(run().id)).toEqual(recorded);
    expect(clients).toBe(0);
    vi.useRealTimers();
  });
});
