import type { CalibrationRecord, CrossedRow, EvaluationRecord } from '../../record/run-record.ts';
import { QUERY_KINDS, type Label, type QueryKind } from '../../contract/world.ts';
import { figuresIn } from '../../record/evaluation-record.ts';
import type { CrossedSet } from '../../record/fold.ts';
import type { RunData } from '../../record/run-data.ts';
import { isActive, type RunEntry, waitsForReview } from '../run/run-store.ts';

/** The progress of Cross-SFT: `ended` is a run that ended before its teacher was calibrated. */
export type CrossedPhase = 'writing' | 'review' | 'tuning' | 'done' | 'ended';

export function crossedPhase(run: RunEntry | undefined, data: RunData): CrossedPhase {
  if (data.calibration) return 'done';
  if (!isActive(run)) return 'ended';
  if (waitsForReview(run, data)) return 'review';
  return data.crossed.steps.length > 0 ? 'tuning' : 'writing';
}

/** The filter on rows; null lets everything through. */
export interface CrossedFilter {
  readonly kind: QueryKind | null;
  readonly source: CrossedRow['source'] | null;
  readonly label: Label | null;
  readonly fate: 'kept' | 'dropped' | null;
  /** Words that query or answer contain, ignoring case. */
  readonly text: string;
}

export const NO_FILTER: CrossedFilter = { kind: null, source: null, label: null, fate: null, text: '' };

export function filterRows({ rows, dropped }: CrossedSet, filter: CrossedFilter): readonly CrossedRow[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(row => {
    if (filter.kind && row.kind !== filter.kind) return false;
    if (filter.source && row.source !== filter.source) return false;
    if (filter.label && row.answer.label !== filter.label) return false;
    if (filter.fate && dropped.has(row.id) !== (filter.fate === 'dropped')) return false;
    if (words.length === 0) return true;
    const text = `${row.query} ${row.answer.text}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
}

/** Rows of one kind by who wrote the answer; `dropped` of them are left out. */
export interface KindCounts {
  readonly kind: QueryKind | 'all';
  readonly self: number;
  readonly frontier: number;
  readonly dropped: number;
}

/** By kind, without empty ones, and in total. */
export function countRows({ rows, dropped }: CrossedSet): readonly KindCounts[] {
  const count = (kind: KindCounts['kind'], of: readonly CrossedRow[]): KindCounts => ({
    kind,
    self: of.filter(({ source }) => source === 'self').length,
    frontier: of.filter(({ source }) => source === 'frontier').length,
    dropped: of.filter(({ id }) => dropped.has(id)).length,
  });
  return [
    ...QUERY_KINDS.map(kind =>
      count(
        kind,
        rows.filter(row => row.kind === kind),
      ),
    ).filter(({ self, frontier }) => self + frontier > 0),
    count('all', rows),
  ];
}

/** A figure of the teacher with the constitution, before and after Cross-SFT, beside the base without constitution. */
export interface TeacherFigure {
  readonly label: string;
  readonly share: boolean;
  readonly base: number | null;
  readonly before: number | null;
  readonly after: number | null;
}

export function teacherFigures(
  { before, after }: Pick<CalibrationRecord, 'before' | 'after'>,
  base: EvaluationRecord | null,
): readonly TeacherFigure[] {
  return figuresIn('teacher').map(({ label, unit, share, value }) => ({
    label: share ? label : `${label}, ${unit}`,
    share,
    base: base && value(base),
    before: before && value(before),
    after: after && value(after),
  }));
}
