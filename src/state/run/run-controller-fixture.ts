import { expect, vi, type Mock } from 'vitest';
import { DEADLINES, type LabClient } from '../../client/lab-client.ts';
import type { Fault } from '../../contract/errors.ts';
import type { Outcome } from '../../contract/outcome.ts';
import type { LabEvent, RunStatus } from '../../protocol/lab-api.ts';
import { BASE_LEVELS, fixtureEvaluation, fixtureRecord, fixtureStep } from '../../record/record-fixture.ts';
import type { EvaluationRecord, Receipt, RunRecord, StepRecord } from '../../record/run-record.ts';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { createLab, showRecordedRun, type Lab } from '../lab.ts';
import type { RunEntry } from './run-store.ts';

export const DONE: Outcome<null> = { ok: true, value: null };
export const fault = (code: Fault['code']): Fault => ({
  code,
  message: 'm',
  consequence: 'c',
  nextStep: 'n',
});

export const receipt: Receipt = {
  lab: '0',
  createdAt: '2026-01-01T00:00:00Z',
  config: { ...DEFAULT_CONFIG, steps: 3 },
  configSha256: '',
  weightsSha256: '',
  model: { name: 'world-s', parameters: 1, trainable: 1 },
  adapter: { vendor: 'v', architecture: 'a', description: '' },
  runtime: 'test',
  peakGpuBytes: 0,
  liveChanges: [],
};
export const stepRecord = (step: number): StepRecord => fixtureStep(step, { tokens: 100, seconds: 0.5 });
const evaluation = (step: number): EvaluationRecord => fixtureEvaluation(step, BASE_LEVELS);
export const recorded: RunRecord = {
  ...fixtureRecord({ geometry: false, benchmarks: null }),
  receipt,
  steps: [1, 2, 3].map(stepRecord),
  evals: [0, 3].map(evaluation),
  teacher: evaluation(0),
  samples: [],
};

type Call = (...args: unknown[]) => Promise<Outcome<unknown>>;
/** Of the page that was opened last. */
export let lab: Lab;
export let emit: (...events: LabEvent[]) => void;
export let die: (fault: Fault) => void;
/** The worker that was started last, and how many were. */
export let client: { [Method in keyof LabClient]: Mock<Call> };
export let clients: number;

/** A new page with the recorded run, a GPU, and a worker that answers everything. */
export function openPage(): void {
  clients = 0;
  const make = (): LabClient => {
    clients += 1;
    client = {
      ...Object.fromEntries(Object.keys(DEADLINES).map(name => [name, vi.fn<Call>(async () => DONE)])),
      recover: vi.fn<Call>(async () => ({ ok: true, value: { step: 1 } })),
      dispose: vi.fn<() => void>(),
      kill: vi.fn<() => void>(),
    } as unknown as typeof client;
    return client as unknown as LabClient;
  };
  lab = createLab({
    query: '',
    createClient: (onEvents, onDeath) => {
      emit = (...events) => onEvents(events);
      die = onDeath;
      return make();
    },
  });
  lab.runs.store.setState({ gpu: { kind: 'ready', name: 'test' } });
  showRecordedRun(lab, recorded);
}

export const run = (): RunEntry => {
  const current = lab.runs.current();
  if (!current) throw new Error('there is no current run');
  return current;
};
export const status = (to: RunStatus, step = 0): void =>
  emit({ type: 'status', runId: run().id, status: to, step, activity: '' });
export const started = async (): Promise<void> => {
  lab.controls.runOrPause();
  await vi.waitFor(() => expect(client.start).toHaveBeenCalled());
  emit({ type: 'receipt', runId: run().id, receipt });
  status('running');
};
