import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import type { KeptFacts, KeptFiles } from '../protocol/kept-runs.ts';
import { fixtureRecord, fixtureStep } from '../record/record-fixture.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Rollout } from '../model/rollout-types.ts';
import { faultOf } from '../testing/fault-of.ts';
import type { Checkpoint } from './checkpoint.ts';
import { decodeRecord, decodeRun, encodeRun, weightBytes, type StoredRun } from './checkpoint-file.ts';

const f32 = (...values: number[]): Float32Array<ArrayBuffer> => Float32Array.from(values);
const answer: Rollout = {
  tokens: Uint32Array.from([5, 151_935, 2]),
  logProbs: f32(-0.1, -1e-30, -7.25),
  entropies: f32(0.3, 0, 1.5),
};
const layout = {
  entries: [{ name: 'w', shape: [1, 2], start: 0, length: 2 }],
  total: 4,
  count: 2,
};
const calibration = {
  artefact: 'calibrated-1',
  rows: [],
  dropped: [],
  steps: [],
  before: null,
  after: null,
  reused: false,
};
const made = fixtureRecord({ config: DEFAULT_CONFIG });
const record: RunRecord = {
  ...made,
  receipt: { ...made.receipt, weightsSha256: 'w' },
  steps: [fixtureStep(1, { loss: 1 / 3 })],
  evals: made.evals.slice(0, 1),
  calibration,
  geometry: [],
};
const checkpoint: Checkpoint = {
  step: 1,
  weightsSha256: 'w',
  learner: { step: 1, trainable: f32(1, 2, 3, 4), m: f32(0, -0, 1e-38, 5), v: f32(9, 8, 7, 6) },
  references: { base: [answer], teacher: [answer, answer] },
  calibrated: {
    record: calibration,
    values: f32(4, 3, 2, 1),
    layout,
    config: DEFAULT_CONFIG,
    answers: [answer],
  },
  teacher: f32(0.5, 0.25, 0.125, 0),
};
const live: StoredRun['live'] = {
  dropped: new Set([3, 1]),
  changes: [{ step: 1, temperature: 0.8 }],
};
const facts: KeptFacts = {
  id: 'r',
  label: 'Run 1',
  status: 'going',
  step: 1,
  resumableStep: 1,
  config: DEFAULT_CONFIG,
  savedAt: '2026-01-01T00:00:00.000Z',
  weightsSha256: 'w',
};

const fileOf = (files: KeptFiles, name: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(files.get(name))) as Record<string, unknown>;
const withFile = (name: string, bytes: Uint8Array<ArrayBuffer> | null): KeptFiles => {
  const files = new Map(encodeRun(record, { live, checkpoint }));
  if (bytes) files.set(name, bytes);
  else files.delete(name);
  return files;
};
const withJson = (name: string, change: Record<string, unknown>): KeptFiles =>
  withFile(
    name,
    new TextEncoder().encode(
      JSON.stringify({ ...fileOf(encodeRun(record, { live, checkpoint }), name), ...change }),
    ),
  );

describe('a run as files', () => {
  it('reads back as it was, to the bit', () => {
    const {
      record: again,
      live: livedOn,
      checkpoint: found,
    } = decodeRun(facts, encodeRun(record, { live, checkpoint }));
    expect(again).toEqual(record);
    expect(livedOn).toEqual(live);
    expect(found).toEqual(checkpoint);
    expect(Object.is(found.learner.m[1], -0)).toBe(true);
    expect(weightBytes(found)).toBe(5 * 16);
  });

  it('reads files of before, which said twice how the run began', () => {
    const before = { learningRate: 5e-4, temperature: 1, changes: live.changes, dropped: [3, 1] };
    expect(decodeRun(facts, withJson('session.json', { live: before })).live).toEqual(live);
  });

  it('keeps only the figures of a finished run, and says so', () => {
    const files = encodeRun(record, null);
    expect([...files.keys()]).toEqual(['record.json']);
    expect(decodeRecord(facts, files)).toEqual(record);
    expect(faultOf(() => decodeRun({ ...facts, resumableStep: null }, files)).code).toBe(
      'E_CHECKPOINT_ENDED',
    );
  });

  it.each<readonly [string, string, KeptFiles]>([
    ['a missing record', 'RECORD', withFile('record.json', null)],
    ['a record that is not JSON', 'RECORD', withFile('record.json', Uint8Array.from([0x7b, 0xff]))],
    ['a record of another version', 'RECORD', withJson('record.json', { version: 1 })],
    ['a record without its steps', 'RECORD', withJson('record.json', { steps: null })],
    ['a record without its calibrated teacher', 'RECORD', withJson('record.json', { calibration: null })],
    ['a missing session', 'SESSION', withFile('session.json', null)],
    ['a session of another step', 'SESSION', withJson('session.json', { step: 2 })],
    ['a session of other weights', 'SESSION', withJson('session.json', { weightsSha256: 'x' })],
    ['a session with an unknown field', 'SESSION', withJson('session.json', { extra: 1 })],
    [
      'an answer without its entropies',
      'SESSION',
      withJson('session.json', { base: [{ tokens: [1], logProbs: [0], entropies: [] }] }),
    ],
    [
      'a layout beyond its buffer',
      'SESSION',
      withJson('session.json', { calibrated: { layout: { ...layout, total: 1 }, answers: [] } }),
    ],
    ['missing weights', 'WEIGHTS', withFile('weights.safetensors', null)],
  ])('refuses %s with what to do', (_, code, files) => {
    const fault = faultOf(() => decodeRun(facts, files));
    expect(fault.code).toBe(`E_CHECKPOINT_${code}`);
    expect(fault.file).toMatch(/^runs\/r\//);
    expect(fault.nextStep).toContain('run its settings again');
  });

  it('refuses weights of another size, and unknown tensors', () => {
    const other = (arrays: Partial<Checkpoint>): KeptFiles =>
      withFile(
        'weights.safetensors',
        encodeRun(record, { live, checkpoint: { ...checkpoint, ...arrays } }).get('weights.safetensors')!,
      );
    const short = other({ learner: { ...checkpoint.learner, m: f32(1) } });
    expect(faultOf(() => decodeRun(facts, short)).place).toBe('tensor m');
    const files = new Map(withJson('session.json', { calibrated: null }));
    expect(faultOf(() => decodeRun(facts, files)).message).toContain('tensor calibrated');
  });

  it('refuses truncated weights', () => {
    const whole = encodeRun(record, { live, checkpoint }).get('weights.safetensors')!;
    for (let bytes = 0; bytes < whole.byteLength; bytes += 7)
      expect(
        faultOf(() => decodeRun(facts, withFile('weights.safetensors', whole.slice(0, bytes)))).code,
      ).toMatch(/^E_SAFETENSORS_/);
  });
});
