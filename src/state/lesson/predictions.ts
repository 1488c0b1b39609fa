import type { FigureId, Figures, Finding } from './findings.ts';
import { LESSON_MEASURES } from './findings.ts';
import { fixed, percent } from '../../contract/format.ts';

export const DIRECTIONS = ['up', 'down'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What a learner says before training: one direction for each figure. */
export interface PredictionSpec {
  readonly figure: 'length' | 'borderline' | 'entropy';
  readonly label: string;
  readonly words: Readonly<Record<Direction, string>>;
}
export const PREDICTIONS: readonly PredictionSpec[] = [
  { figure: 'length', label: 'Benign answers get', words: { up: 'longer', down: 'shorter' } },
  {
    figure: 'borderline',
    label: 'Refusals of borderline queries go',
    words: { up: 'up', down: 'down' },
  },
  { figure: 'entropy', label: 'The student’s token entropy goes', words: { up: 'up', down: 'down' } },
];
export type Predictions = Readonly<Record<PredictionSpec['figure'], Direction | null>>;

/** What a learner reads off the charts of the base; shares in percent. */
export interface ReadingSpec {
  readonly figure: 'length' | 'borderline';
  readonly label: string;
  readonly unit: string;
  readonly most: number;
}
export const READINGS: readonly ReadingSpec[] = [
  { figure: 'length', label: 'Length of the base’s benign answers', unit: 'tokens', most: 100_000 },
  {
    figure: 'borderline',
    label: 'Borderline queries that the base refuses',
    unit: '%',
    most: 100,
  },
];
export type Readings = Readonly<Record<ReadingSpec['figure'], number | null>>;

/** A figure in its measure's words: shares as percentages. */
export function figureText(id: FigureId, value: number | null): string {
  if (value === null) return '–';
  if (LESSON_MEASURES[id].share) return percent(value);
  return fixed(value, id === 'length' || id === 'nats' ? 1 : 3);
}

export interface Verdict {
  readonly spec: PredictionSpec;
  readonly predicted: Direction | null;
  /** Base and student, as the finding has them. */
  readonly before: string;
  readonly after: string;
  /** Null where the figure stayed where it was, or was not measured. */
  readonly moved: Direction | null;
}

const directionOf = (before: number | null, after: number | null): Direction | null =>
  before === null || after === null || before === after ? null : after > before ? 'up' : 'down';

/** What was said, beside what the run did. */
export function verdictsOf(predictions: Predictions, { base, student }: Finding): readonly Verdict[] {
  return PREDICTIONS.map(spec => ({
    spec,
    predicted: predictions[spec.figure],
    before: figureText(spec.figure, base[spec.figure]),
    after: figureText(spec.figure, student[spec.figure]),
    moved: directionOf(base[spec.figure], student[spec.figure]),
  }));
}

/** How far a reading lies from the figure, in the reading's unit; null where either is missing. */
export function readingGap({ figure }: ReadingSpec, readings: Readings, base: Figures): number | null {
  const [read, value] = [readings[figure], base[figure]];
  if (read === null || value === null) return null;
  return Math.abs(read - (LESSON_MEASURES[figure].share ? value * 100 : value));
}
