import type { CalibrationRecord, CalibrationStep, CrossedRow } from './run-record.ts';

/** Cross-SFT as far as it has come: its rows, those left out, and the fine-tuning steps. A new object with every change. */
export interface CrossedSet {
  /** In the order of their first writing. */
  readonly rows: readonly CrossedRow[];
  readonly dropped: ReadonlySet<number>;
  readonly steps: readonly CalibrationStep[];
}

export const EMPTY_SET: CrossedSet = { rows: [], dropped: new Set(), steps: [] };

/** Takes in rows as they are written; one with a known id replaces the one before it, so that a repeated set stays one. */
export function withRows(set: CrossedSet, rows: readonly CrossedRow[]): CrossedSet {
  const places = new Map(set.rows.map(({ id }, place) => [id, place]));
  const all = [...set.rows];
  for (const row of rows) {
    const place = places.get(row.id) ?? all.length;
    places.set(row.id, place);
    all[place] = row;
  }
  return { ...set, rows: all };
}

/** A step that is reported again cuts what followed it: the fine-tuning was begun anew. */
export function withStep(set: CrossedSet, step: CalibrationStep): CrossedSet {
  return { ...set, steps: [...set.steps.filter(before => before.step < step.step), step] };
}

export function fromCalibration({ rows, dropped, steps }: CalibrationRecord): CrossedSet {
  return { rows, dropped: new Set(dropped), steps };
}

/** What a run that ended before its teacher was calibrated keeps of it; null where nothing was written. */
export function unfinished({ rows, dropped, steps }: CrossedSet): CalibrationRecord | null {
  if (rows.length === 0) return null;
  return { artefact: null, rows, dropped: [...dropped], steps, before: null, after: null, reused: false };
}
