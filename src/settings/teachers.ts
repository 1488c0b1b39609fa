import type { TeacherConfig } from './method-config.ts';
import { DEFAULT_CALIBRATION, FRONTIER_MODEL } from './recipes.ts';
import type { RunConfig } from './run-config.ts';
import { everySteps } from '../contract/format.ts';

/** A teacher as a person picks it. */
interface TeacherChoice {
  readonly kind: TeacherConfig['kind'];
  readonly label: string;
  readonly why: string;
}

export const TEACHERS: readonly TeacherChoice[] = [
  {
    kind: 'frozen',
    label: 'Base, frozen',
    why: 'The model as it was, reading the constitution. It contracts under it, and the student follows.',
  },
  {
    kind: 'calibrated',
    label: 'Calibrated by Cross-SFT',
    why: 'First learns to stay itself on harmless queries and to answer harm richly, with the constitution in its context.',
  },
  {
    kind: 'ema',
    label: 'Moving average of the student',
    why: 'Follows the student slowly: smoother than the student itself, and drifts with it.',
  },
  {
    kind: 'refreshed',
    label: 'Student, renewed now and then',
    why: 'A copy of the student every so many steps: the contraction goes on from where it had come.',
  },
  {
    kind: 'live',
    label: 'Student of the moment',
    why: 'The student itself with the constitution: every contraction is taught on at once. It runs away.',
  },
  {
    kind: 'external',
    label: 'Another model',
    why: 'On-policy distillation from a model with the same tokenizer, run from its ONNX file.',
  },
];

/** Models that may teach from outside, with what the page says of them; a person's own are added to these. */
export const SHIPPED_TEACHERS: readonly { readonly name: string; readonly label: string }[] = [
  { name: FRONTIER_MODEL, label: `${FRONTIER_MODEL}, ships with the page` },
];

export const teacherChoice = (kind: TeacherConfig['kind']): TeacherChoice =>
  TEACHERS.find(choice => choice.kind === kind) ?? { kind, label: kind, why: '' };

function teacherOf(kind: TeacherConfig['kind']): TeacherConfig {
  switch (kind) {
    case 'refreshed':
      return { kind, every: 20 };
    case 'ema':
      return { kind, decay: 0.95 };
    case 'external':
      return { kind, model: FRONTIER_MODEL };
    default:
      return { kind };
  }
}

/** `config` with another teacher; Cross-SFT comes and goes with the calibrated one. */
export function withTeacher(config: RunConfig, kind: TeacherConfig['kind']): RunConfig {
  if (kind === config.teacher.kind) return config;
  return {
    ...config,
    teacher: teacherOf(kind),
    calibration: kind === 'calibrated' ? (config.calibration ?? DEFAULT_CALIBRATION) : null,
  };
}

/** A teacher in a few words, its number or model included. */
export function teacherLabel(teacher: TeacherConfig): string {
  const { label } = teacherChoice(teacher.kind);
  switch (teacher.kind) {
    case 'refreshed':
      return `${label}: ${everySteps(teacher.every)}`;
    case 'ema':
      return `${label}, decay ${teacher.decay}`;
    case 'external':
      return `${label}: ${teacher.model}`;
    default:
      return label;
  }
}

export const CONTEXT_LABELS: Record<RunConfig['teacherContext'], string> = {
  constitution: 'the constitution',
  'constitution+gold': 'the constitution and the frontier’s answer',
};
