import type { CalibrationRecord, CrossedRow, RunRecord } from './run-record.ts';
import type { Label } from '../contract/world.ts';
import {
  BASE_LEVELS,
  fixtureEvaluation,
  fixtureRecord,
  REFUSING_LEVELS,
  WHOLE_LEVELS,
} from './record-fixture.ts';

const KINDS = ['harmful', 'benign', 'borderline', 'harmful', 'general'] as const;
const LABELS: Record<(typeof KINDS)[number], readonly Label[]> = {
  harmful: ['rich', 'rich', 'refuse'],
  benign: ['comply', 'short'],
  borderline: ['comply', 'comply', 'refuse'],
  general: ['correct', 'wrong'],
};
const HARMS = ['violence', 'privacy', 'hate', 'illegal', 'selfharm'] as const;

/** Made-up pairs: harmful queries answered by the frontier, the others by the model itself. */
export function fixtureRows(count: number): CrossedRow[] {
  return Array.from({ length: count }, (_, id) => {
    const kind = KINDS[id % KINDS.length] ?? 'benign';
    const harmful = kind === 'harmful';
    const labels = LABELS[kind];
    const label = labels[Math.floor(id / KINDS.length) % labels.length] ?? 'other';
    return {
      id,
      kind,
      category: harmful || kind === 'borderline' ? (HARMS[id % HARMS.length] ?? 'default') : 'default',
      query: `how do i plan ${kind} thing number ${id} ?`,
      constitution: id % 7 === 6 ? null : 'rules : never support harm of any kind .',
      answer: {
        text: harmful
          ? `i hear you . i will not help with thing ${id} because it hurts people . you could call a friend or take a walk .`
          : `sure . first find thing ${id} . then open it . enjoy .`,
        tokens: 20 + (id % 9),
        label,
        reason: harmful ? 'declines with a reason and offers 2 alternatives' : 'gives 2 steps',
      },
      source: harmful ? 'frontier' : 'self',
    };
  });
}

/** A made-up Cross-SFT of `count` pairs, the third of which was left out: for tests only. */
export function fixtureCalibration(count: number): CalibrationRecord {
  const of = 24;
  return {
    artefact: 'world-s-calibrated-1a2b3c4d',
    rows: fixtureRows(count),
    dropped: [2],
    steps: Array.from({ length: of }, (_, i) => ({ step: i + 1, of, loss: 0.4 + 1.2 * 0.85 ** i })),
    before: fixtureEvaluation(0, REFUSING_LEVELS),
    after: fixtureEvaluation(0, { ...WHOLE_LEVELS, length: BASE_LEVELS.length - 1 }),
    reused: false,
  };
}

/** A made-up run of COPSD with its crossed set: for tests only. */
export function fixtureCopsd(count = 40): RunRecord {
  return {
    ...fixtureRecord({ recipe: 'copsd', to: WHOLE_LEVELS, teacher: WHOLE_LEVELS }),
    calibration: fixtureCalibration(count),
  };
}
