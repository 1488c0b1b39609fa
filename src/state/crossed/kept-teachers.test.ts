import { beforeEach, expect, it, vi } from 'vitest';
import type { LabClient } from '../../client/lab-client.ts';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import type { Fault } from '../../contract/errors.ts';
import { DEFAULT_CALIBRATION } from '../../settings/recipes.ts';
import type { Artefact, LabInfo, Outcome } from '../../protocol/lab-api.ts';
import { fixtureCalibration } from '../../record/calibration-fixture.ts';
import { createKeptTeachers, madeWith, type KeptTeachers } from './kept-teachers.ts';
import { RunData } from '../../record/run-data.ts';
import { createEventSink } from '../run/run-events.ts';
import { createRunStore, type RunOrigin, type RunStore } from '../run/run-store.ts';

const artefact = (name: string): Artefact => ({
  name,
  calibration: DEFAULT_CALIBRATION,
  constitution: 'Kindness',
  rows: 8,
  bytes: 4096,
});

let runs: RunStore;
let kept: KeptTeachers;
let answers: ((outcome: Outcome<readonly Artefact[]>) => void)[];
let calibrate: (origin: RunOrigin) => void;
const settled = (): Promise<unknown> => new Promise(resolve => setTimeout(resolve));

beforeEach(() => {
  runs = createRunStore();
  runs.store.setState({ info: {} as LabInfo });
  answers = [];
  const artefacts = vi.fn<LabClient['artefacts']>(() => new Promise(resolve => answers.push(resolve)));
  kept = createKeptTeachers(runs, () => ({ artefacts }) as unknown as LabClient);
  const receive = createEventSink(runs);
  calibrate = origin => {
    const about = { label: origin, origin, config: DEFAULT_CONFIG, status: 'running', step: 0 } as const;
    runs.add({ id: origin, ...about, activity: '', fault: null, requested: null }, new RunData());
    receive([{ type: 'calibration', runId: origin, record: fixtureCalibration(8) }]);
  };
});

it('asks the worker with every teacher that a run here calibrates, and with none that is replayed', async () => {
  calibrate('replay');
  expect(answers).toHaveLength(0);
  calibrate('live');
  answers[0]!({ ok: true, value: [artefact('one')] });
  await settled();
  expect(kept.getState().kept).toEqual([artefact('one')]);
  calibrate('live');
  answers[1]!({ ok: true, value: [artefact('one'), artefact('two')] });
  await settled();
  expect(kept.getState().kept.map(({ name }) => name)).toEqual(['one', 'two']);
});

it('forgets them with their worker, an answer that comes late included', async () => {
  calibrate('live');
  answers[0]!({ ok: true, value: [artefact('one')] });
  await settled();
  calibrate('live');
  runs.store.setState({ info: null });
  expect(kept.getState().kept).toEqual([]);
  answers[1]!({ ok: true, value: [artefact('one')] });
  await settled();
  expect(kept.getState().kept).toEqual([]);
});

it('says why there is no answer, and keeps what it knows', async () => {
  calibrate('live');
  answers[0]!({ ok: true, value: [artefact('one')] });
  await settled();
  calibrate('live');
  const fault: Fault = { code: 'E_WORKER_SILENT', message: 'm', consequence: 'c', nextStep: 'n' };
  answers[1]!({ ok: false, fault });
  await settled();
  expect(runs.store.getState().notice).toEqual(fault);
  expect(kept.getState().kept).toHaveLength(1);
});

it('tells in a line what a teacher was made with', () => {
  expect(madeWith(artefact('one'))).toBe('8 pairs, 2 epochs, under “Kindness”');
  const ablated = { ...DEFAULT_CALIBRATION, selfAnswers: false, epochs: 1 };
  expect(madeWith({ ...artefact('one'), calibration: ablated })).toBe(
    '8 pairs, no self-answers, 1 epoch, under “Kindness”',
  );
});
