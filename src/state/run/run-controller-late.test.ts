import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../contract/outcome.ts';
import type { RunStart } from '../../protocol/lab-api.ts';
import { fixtureRows } from '../../record/calibration-fixture.ts';
import {
  client,
  clients,
  die,
  DONE,
  emit,
  fault,
  lab,
  openPage,
  run,
  started,
  status,
  stepRecord,
} from './run-controller-fixture.ts';

beforeEach(openPage);

const rows = fixtureRows(5);
const dropped = (id: string): number[] => [...lab.runs.data(id).crossed.dropped];

describe('a run', () => {
  it('is stopped by its name where another takes its place, however late the answers to earlier commands come', async () => {
    lab.controls.runOrPause();
    const ids: string[] = [run().id];
    const answers: ((outcome: Outcome<unknown>) => void)[] = [];
    client.start.mockImplementation(() => new Promise(resolve => answers.push(resolve)));
    for (let restarts = 0; restarts < 2; restarts++) {
      lab.controls.restart();
      ids.push(run().id);
    }
    for (const answer of answers) answer(DONE);
    await new Promise(resolve => setTimeout(resolve));
    expect(client.stop.mock.calls).toEqual([[ids[0]], [ids[1]]]);
    expect(client.start.mock.calls.map(([begin]) => (begin as RunStart).id)).toEqual(ids);
    expect(run()).toMatchObject({ id: ids[2], label: 'Run 3', status: 'preparing', requested: null });
  });

  it('is not failed by a late refusal of the run before it', async () => {
    let refuse: (outcome: Outcome<unknown>) => void = () => undefined;
    lab.controls.client();
    client.start.mockImplementationOnce(() => new Promise(resolve => (refuse = resolve)));
    lab.controls.runOrPause();
    const first = run().id;
    lab.controls.restart();
    refuse({ ok: false, fault: fault('E_NO_ANSWER') });
    await vi.waitFor(() => expect(lab.runs.entry(first)?.status).toBe('failed'));
    expect(run().status).toBe('preparing');
    expect(lab.runs.store.getState().notice).toBeNull();
  });

  it('shows no refusal of a command whose run has ended meanwhile', async () => {
    await started();
    client.pause.mockImplementation(async () => {
      status('finished', 3);
      return { ok: false, fault: fault('E_RUN_GONE') };
    });
    lab.controls.runOrPause();
    await new Promise(resolve => setTimeout(resolve));
    expect(run().status).toBe('finished');
    expect(lab.runs.store.getState().notice).toBeNull();
  });

  it('that its worker took along says why once, whatever else was asked of that worker', async () => {
    await started();
    const answers: ((outcome: Outcome<unknown>) => void)[] = [];
    for (const command of [client.setPace, client.pause, client.inspect])
      command.mockImplementation(() => new Promise(resolve => answers.push(resolve)));
    lab.controls.setPace(100);
    lab.controls.inspect();
    lab.controls.runOrPause();
    die(fault('E_WORKER_CRASHED'));
    expect(answers).toHaveLength(3);
    for (const answer of answers) answer({ ok: false, fault: fault('E_WORKER_GONE') });
    await new Promise(resolve => setTimeout(resolve));
    expect(run()).toMatchObject({ status: 'failed', fault: { code: 'E_WORKER_CRASHED' } });
    expect(lab.runs.store.getState().notice).toBeNull();
  });

  it('keeps the wish to stop where an earlier wish to pause is refused', async () => {
    await started();
    let refuse: (outcome: Outcome<unknown>) => void = () => undefined;
    client.pause.mockImplementation(() => new Promise(resolve => (refuse = resolve)));
    lab.controls.runOrPause();
    lab.controls.stop();
    refuse({ ok: false, fault: fault('E_NO_ANSWER') });
    await vi.waitFor(() => expect(lab.runs.store.getState().notice?.code).toBe('E_NO_ANSWER'));
    expect(run().requested).toBe('stop');
  });

  it('is not ended by settings that cannot be run', async () => {
    await started();
    const { id } = run();
    lab.config.edit(draft => ({ ...draft, steps: 0 }));
    lab.controls.restart();
    expect(client.stop).not.toHaveBeenCalled();
    expect(run()).toMatchObject({ id, status: 'running', requested: null });
  });

  it('does not take the rows of a run for those of another, however late the answers come', async () => {
    await started();
    const first = run().id;
    emit({ type: 'crossed', runId: first, rows });
    status('paused');
    let answer: (outcome: Outcome<unknown>) => void = () => undefined;
    client.setDropped.mockImplementationOnce(() => new Promise(resolve => (answer = resolve)));
    const late = lab.crossed.drop(first, [1, 3], true);
    lab.controls.restart();
    const second = run().id;
    emit({ type: 'crossed', runId: second, rows });
    status('paused');
    client.setDropped.mockImplementationOnce(async () => {
      answer({ ok: true, value: { dropped: [1, 3] } });
      await late;
      return { ok: false, fault: fault('E_RUN_STATE') };
    });
    await lab.crossed.drop(second, [2], true);
    expect(dropped(second)).toEqual([]);
  });
});

describe('a page that fails at an event', () => {
  it('says so, and takes in the others', async () => {
    await started();
    const { id } = run();
    vi.spyOn(lab.runs.data(id), 'apply').mockImplementationOnce(() => {
      throw new Error('no such column');
    });
    emit(
      { type: 'step', runId: id, record: stepRecord(1) },
      { type: 'step', runId: id, record: stepRecord(2) },
    );
    expect(lab.runs.store.getState().notice).toMatchObject({
      code: 'E_PAGE_EVENT',
      message: expect.stringContaining('no such column') as string,
      consequence: expect.stringMatching(/^The run continues/) as string,
    });
    expect([...lab.runs.data(id).series.steps]).toEqual([2]);
    expect(run().status).toBe('running');
  });
});

describe('a replay', () => {
  it('pauses in a tab that looks on, also after its worker died', async () => {
    lab.runs.store.setState({ readOnly: true });
    lab.controls.client();
    lab.controls.replay();
    die(fault('E_WORKER_SILENT'));
    expect(lab.runs.store.getState().notice?.code).toBe('E_WORKER_SILENT');
    expect(run()).toMatchObject({ origin: 'replay', status: 'running' });
    lab.controls.runOrPause();
    expect(run()).toMatchObject({ status: 'paused', requested: null });
    lab.controls.stop();
    expect(run()).toMatchObject({ status: 'stopped', requested: null });
    expect(clients).toBe(1);
  });

  it('ends the run that trains', async () => {
    await started();
    const { id } = run();
    lab.controls.replay();
    expect(client.stop.mock.calls).toEqual([[id]]);
    expect(run()).toMatchObject({ origin: 'replay', status: 'running' });
    lab.controls.stop();
  });
});
