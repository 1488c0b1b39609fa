import { z } from 'zod';
import { described, fraction, modelName, schemasOf } from './field.ts';

/** The model of the embedded world that writes safety answers and teaches OPD. */
export const FRONTIER_MODEL = 'world-f';

type Fields = Readonly<Record<string, z.ZodType>>;
type Values<F extends Fields> = { readonly [Key in keyof F]: z.infer<F[Key]> };

interface About<Value> {
  readonly label: string;
  readonly why: string;
  /** Whose weights score. A copy starts equal to the student's, and follows them by `decay`. */
  readonly weights: 'base' | 'calibrated' | 'student' | 'copy' | 'external';
  /** Of a copy, after step `step`: θ_T ← decay θ_T + (1 − decay) θ_S. */
  readonly decay?: (teacher: Value, step: number) => number;
  /** The label with the teacher's own number or model. */
  readonly short?: (teacher: Value) => string;
}

const teacherKind = <const Kind extends string, F extends Fields>(
  kind: Kind,
  fields: F,
  usual: Values<F>,
  about: About<Values<F>>,
) => ({
  kind,
  schema: z.strictObject({ kind: z.literal(kind), ...fields }),
  /** What a fresh choice begins with. */
  usual: { kind, ...usual },
  ...about,
});

/** Who scores the student's answers, always with the constitution in context (docs/method.md). A new kind is an entry here. */
export const TEACHER_KINDS = [
  teacherKind(
    'frozen',
    {},
    {},
    {
      label: 'Base, frozen',
      why: 'The original model, reading the constitution. It contracts under it, and the student follows.',
      weights: 'base',
    },
  ),
  teacherKind(
    'calibrated',
    {},
    {},
    {
      label: 'Calibrated by Cross-SFT',
      why: 'First learns to stay itself on harmless queries and to answer harm richly, with the constitution in its context.',
      weights: 'calibrated',
    },
  ),
  // Tarvainen & Valpola 2017.
  teacherKind(
    'ema',
    {
      decay: described(fraction, {
        label: 'Decay',
        unit: 'of the old teacher',
        why: 'After each step the teacher keeps this share of itself. 1 never moves, 0 is the student.',
        increment: 0.01,
      }),
    },
    { decay: 0.95 },
    {
      label: 'Moving average of the student',
      why: 'Follows the student slowly: smoother than the student itself, and drifts with it.',
      weights: 'copy',
      decay: ({ decay }) => decay,
      short: ({ decay }) => `Moving average of the student, decay ${decay}`,
    },
  ),
  teacherKind(
    'refreshed',
    {
      every: described(z.int().min(1).max(100_000), {
        label: 'Renewed every',
        unit: 'steps',
        why: 'Steps between copies of the student.',
        increment: 5,
      }),
    },
    { every: 20 },
    {
      label: 'Student, renewed now and then',
      why: 'A copy of the student every so many steps: the contraction goes on from where it had come.',
      weights: 'copy',
      decay: ({ every }, step) => (step % every === 0 ? 0 : 1),
      short: ({ every }) => `Student, renewed every ${every === 1 ? 'step' : `${every} steps`}`,
    },
  ),
  teacherKind(
    'live',
    {},
    {},
    {
      label: 'Student of the moment',
      why: 'The student itself with the constitution: every contraction is taught on at once. It runs away.',
      weights: 'student',
    },
  ),
  teacherKind(
    'external',
    {
      model: described(modelName, {
        label: 'Model',
        why: 'Larger than the student, and trained on richer answers.',
      }),
    },
    { model: FRONTIER_MODEL },
    {
      label: 'Another model',
      why: 'On-policy distillation from a model with the same tokenizer, run from its ONNX file.',
      weights: 'external',
      short: ({ model }) => `Another model: ${model}`,
    },
  ),
] as const;

export const teacherSchema = z.discriminatedUnion('kind', schemasOf(TEACHER_KINDS));
export type TeacherConfig = z.infer<typeof teacherSchema>;

/** The descriptor of a teacher's kind. */
export const teacherKindOf = ({ kind }: Pick<TeacherConfig, 'kind'>): (typeof TEACHER_KINDS)[number] =>
  TEACHER_KINDS.find(entry => entry.kind === kind)!;

/** A teacher in a few words, its number or model included. */
export function teacherLabel(teacher: TeacherConfig): string {
  const { label, short } = teacherKindOf(teacher) as About<TeacherConfig>;
  return short?.(teacher) ?? label;
}

/** The decay of a teacher that is a copy of the student, after step `step`; 1 for one that never changes by itself. */
export const decayAfter = (teacher: TeacherConfig, step: number): number =>
  (teacherKindOf(teacher) as About<TeacherConfig>).decay?.(teacher, step) ?? 1;
