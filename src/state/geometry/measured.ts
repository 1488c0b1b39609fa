import type {
  AngleRecord,
  AnswerCloud,
  ExpressivenessAxis,
  GeometryRecord,
  LeakagePair,
  LeakageRecord,
} from '../../record/geometry-record.ts';
import type { RunData } from '../../record/run-data.ts';

/** How hidden states are read: which contrast is expressiveness, and by whitened readouts or raw projections. */
export interface Reading {
  readonly axis: ExpressivenessAxis;
  readonly scale: keyof LeakagePair;
}

/** One answer's place, by the kind of its query. */
export interface MeasuredAnswer {
  readonly kind: keyof AnswerCloud;
  readonly safety: number;
  readonly expressiveness: number;
}

/** A policy at a step: the shift of its answers' hidden states from the base's, whose slope is Λ. */
export interface MeasuredPlace {
  readonly step: number;
  readonly leak: LeakageRecord;
  /** Over the same tokens, the policy's weights against the base's; null where that was not measured. */
  readonly states: LeakageRecord | null;
  /** Null in runs recorded without single answers. */
  readonly answers: readonly MeasuredAnswer[] | null;
  readonly record: GeometryRecord;
}

/** The geometry of a run, read one way. */
export interface MeasuredPicture {
  readonly reading: Reading;
  /** In order of their step; the first is the base where the run has come to it. */
  readonly places: readonly MeasuredPlace[];
  /** Null in runs recorded before teachers were placed. */
  readonly teacher: MeasuredPlace | null;
  /** cos φ between the mixed safety axis and this expressiveness axis; both scales. */
  readonly angle: AngleRecord | null;
  /** Between all axes. */
  readonly angles: readonly AngleRecord[];
  /** What the constitution does to the base's states over the same tokens, and what its words in random order do. */
  readonly constitution: LeakageRecord;
  readonly shuffled: LeakageRecord;
  readonly layer: 'final' | 'residual';
  readonly queriesPerKind: number;
  readonly referencesPerKind: number;
}

const EXPRESSIVENESS_COLUMN = { plain: 1, withRefusals: 2 } as const;

function answersOf({ cloud }: GeometryRecord, { axis, scale }: Reading): readonly MeasuredAnswer[] | null {
  if (!cloud) return null;
  const column = EXPRESSIVENESS_COLUMN[axis];
  return (['harmful', 'benign'] as const).flatMap(kind =>
    cloud[scale][kind].map(place => ({ kind, safety: place[0], expressiveness: place[column] })),
  );
}

const placeOf = (record: GeometryRecord, reading: Reading): MeasuredPlace => ({
  step: record.step,
  leak: record.answers[reading.axis][reading.scale],
  states: record.states?.[reading.axis][reading.scale] ?? null,
  answers: answersOf(record, reading),
  record,
});

/** The measured picture of a run, or null where it has none (yet). */
export function measuredPicture(
  { geometry, geometryBaseline }: Pick<RunData, 'geometry' | 'geometryBaseline'>,
  reading: Reading,
): MeasuredPicture | null {
  if (!geometryBaseline || geometry.length === 0) return null;
  const { axis, scale } = reading;
  const { layer, queriesPerKind, referencesPerKind, angles, constitution, shuffled, teacher } =
    geometryBaseline;
  return {
    reading,
    places: geometry.map(record => placeOf(record, reading)),
    teacher: teacher ? placeOf(teacher, reading) : null,
    angle: angles.find(({ safety, expressiveness }) => safety === 'mixed' && expressiveness === axis) ?? null,
    angles,
    constitution: constitution[axis][scale],
    shuffled: shuffled[axis][scale],
    layer,
    queriesPerKind,
    referencesPerKind,
  };
}

/** A leakage with its name, as one line of a figure. */
export interface LeakageLine {
  readonly name: string;
  readonly leak: LeakageRecord;
  /** Who moved: decides its mark. */
  readonly who: 'student' | 'teacher' | 'constitution' | 'control';
}

/** Every leakage that belongs to a step; the shuffled control is always the last. */
export function leakageLines(
  { teacher, constitution, shuffled }: MeasuredPicture,
  { step, leak, states }: MeasuredPlace,
): readonly LeakageLine[] {
  return [
    { name: `student, step ${step}: its answers`, leak, who: 'student' },
    ...(states
      ? [{ name: `student, step ${step}: same tokens`, leak: states, who: 'student' } as const]
      : []),
    ...(teacher ? [{ name: 'teacher: its answers', leak: teacher.leak, who: 'teacher' } as const] : []),
    { name: 'constitution: same tokens', leak: constitution, who: 'constitution' },
    { name: 'control: its words shuffled', leak: shuffled, who: 'control' },
  ];
}
