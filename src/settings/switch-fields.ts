import type { CalibrationConfig } from './method-config.ts';
import type { RunConfig } from './run-config.ts';

/** A setting that is on or off. */
export interface SwitchField {
  readonly path: string;
  readonly label: string;
  readonly why: string;
  /** Whether the settings have it; without this all have. */
  applies?(config: RunConfig): boolean;
  get(config: RunConfig): boolean;
  set(config: RunConfig, on: boolean): RunConfig;
}

const calibration = (
  key: 'selfAnswers' | 'review',
  words: Pick<SwitchField, 'label' | 'why'>,
): SwitchField => ({
  path: `calibration.${key}`,
  ...words,
  applies: config => config.calibration !== null,
  get: config => config.calibration?.[key] ?? false,
  set: (config, on) =>
    config.calibration
      ? { ...config, calibration: { ...config.calibration, [key]: on } satisfies CalibrationConfig }
      : config,
});

export const CALIBRATION_SWITCHES: readonly SwitchField[] = [
  calibration('selfAnswers', {
    label: 'The model’s own answers are in the set',
    why: 'Its answers to harmless queries, drawn without constitution, keep the teacher itself. Off is the paper’s ablation: the teacher loses helpfulness.',
  }),
  calibration('review', {
    label: 'Wait for a look at the set',
    why: 'The run pauses once the pairs are written, so that rows can be read and left out before the teacher learns them.',
  }),
];

export const GEOMETRY_SWITCH: SwitchField = {
  path: 'evaluation.geometry',
  label: 'Measure the geometry',
  why: 'Each evaluation also says how far the student moved toward safety, and what of its expressiveness leaked away.',
  get: config => config.evaluation.geometry,
  set: (config, on) => ({ ...config, evaluation: { ...config.evaluation, geometry: on } }),
};

export const SWITCH_FIELDS: readonly SwitchField[] = [...CALIBRATION_SWITCHES, GEOMETRY_SWITCH];
