import type { EstimateRecord, LeakageRecord } from '../../record/geometry-record.ts';
import type { Table } from '../../record/tables.ts';
import { signed } from './plane-words.ts';
import type { LeakageLine, MeasuredPicture, MeasuredPlace } from './measured.ts';

/** The text where a leakage has no number. */
export const NO_PUSH = 'no safety push measured';

/** A figure with its 95 % interval. */
export function estimateText({ value, interval }: EstimateRecord): string {
  if (value === null) return '–';
  return interval ? `${signed(value)} [${signed(interval.low)}, ${signed(interval.high)}]` : signed(value);
}

/** Λ with its interval, or that nothing was pushed. */
export const leakageText = (leak: LeakageRecord): string =>
  leak.value === null ? NO_PUSH : estimateText(leak);

/** Policies along the run, one a line. */
export function pathTable({ places, teacher, reading: { axis } }: MeasuredPicture): Table {
  const row = (policy: string, { step, leak, record }: MeasuredPlace): Table['rows'][number] => [
    ...[policy, step, leak.push, leak.pushError, leak.pull, leak.value],
    ...[leak.interval?.low ?? null, leak.interval?.high ?? null, leak.excess, record.x, record.y[axis]],
  ];
  return {
    columns: [
      ...['policy', 'step', 'push a_sᵀΔ', 'standard error', 'pull a_eᵀΔ', 'Λ', 'Λ low', 'Λ high'],
      ...['excess Λ − cos φ', 'x: 1 = all refused', 'y: −1 = contracted'],
    ],
    rows: [
      ...(teacher ? [row('teacher', teacher)] : []),
      ...places.map(place => row(place.step === 0 ? 'base' : 'student', place)),
    ],
  };
}

/** Single answers of the base, the teacher and the student at a step, where the run has them. */
export function answersTable({ places, teacher }: MeasuredPicture, shown: MeasuredPlace): Table {
  const base = places.find(({ step }) => step === 0);
  const rows = (policy: string, place: MeasuredPlace | null | undefined): Table['rows'] =>
    (place?.answers ?? []).map(({ kind, safety, expressiveness }) => [
      ...[policy, kind, safety, expressiveness],
    ]);
  return {
    columns: ['policy', 'query', 'safety', 'expressiveness'],
    rows: [
      ...rows('base', base),
      ...rows('teacher', teacher),
      ...(shown === base ? [] : rows('student', shown)),
    ],
  };
}

export const leakageTable = (lines: readonly LeakageLine[]): Table => ({
  columns: [
    ...['shift', 'Λ', 'low', 'high', 'standard error', 'push a_sᵀΔ', 'its standard error', 'pull a_eᵀΔ'],
    ...['cos φ', 'excess Λ − cos φ'],
  ],
  rows: lines.map(({ name, leak }) => [
    ...[name, leak.value, leak.interval?.low ?? null, leak.interval?.high ?? null],
    ...[leak.interval?.standardError ?? null, leak.push, leak.pushError, leak.pull, leak.forced, leak.excess],
  ]),
});

/** Companions of Λ that need no axes: margins since the base, and the behavioural twin. */
export interface Companion {
  readonly name: string;
  readonly unit: string;
  readonly text: string;
}

export function companions({ places }: MeasuredPicture, { record }: MeasuredPlace): readonly Companion[] {
  const base = places.find(({ step }) => step === 0)?.record;
  const { margins, twin } = record;
  const since = (name: string, key: 'refusal' | 'rich' | 'expressiveness'): readonly Companion[] => {
    const [now, before] = [margins?.[key].value ?? null, base?.margins?.[key].value ?? null];
    return now === null || before === null
      ? []
      : [{ name, unit: 'nats', text: signed(now - before, 1, true) }];
  };
  const twinOf = (kind: 'harmful' | 'benign'): readonly Companion[] =>
    twin
      ? [
          {
            name: `entropy per refusal score, ${kind} queries`,
            unit: 'nats/nat',
            text: leakageText(twin[kind]),
          },
        ]
      : [];
  return [
    ...since('ΔS_refusal: refusal over complying', 'refusal'),
    ...since('ΔS_rich: rich safe answer over complying', 'rich'),
    ...since('ΔE: full answer over short and refused', 'expressiveness'),
    ...twinOf('harmful'),
    ...twinOf('benign'),
  ];
}

const SAFETY_NAMES = { mixed: 'safe (half each)', refusal: 'refusing', rich: 'rich safe answer' } as const;
const EXPRESSIVENESS_NAMES = { plain: 'full − short', withRefusals: 'full − short or refused' } as const;

/** Cosines between all axes, with their intervals. */
export const anglesTable = ({ angles }: MeasuredPicture): Table => ({
  columns: ['safety axis', 'expressiveness axis', 'raw cosine', 'cos φ, whitened'],
  rows: angles.map(({ safety, expressiveness, raw, whitened }) => [
    ...[
      SAFETY_NAMES[safety],
      EXPRESSIVENESS_NAMES[expressiveness],
      estimateText(raw),
      estimateText(whitened),
    ],
  ]),
});

/** Whether the shuffled control pushes less than the constitution by more than two standard errors of both. */
export function controlTells({ constitution, shuffled }: MeasuredPicture): string {
  const gap = Math.abs(constitution.push) - Math.abs(shuffled.push);
  const apart = gap > 2 * Math.hypot(constitution.pushError, shuffled.pushError);
  const told = ({ push, pushError }: LeakageRecord): string => `${signed(push)} ± ${signed(pushError)}`;
  return `Over the same tokens the constitution pushes states ${told(constitution)} along safety, its words in random order ${told(shuffled)}: ${
    apart
      ? 'the control is left behind, so that what the text says counts.'
      : 'the control does not tell them apart, so that the model reads the text as a set of words. What the constitution changes is which answer is given.'
  }`;
}
