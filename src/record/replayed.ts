import type { MeasuredEvent } from './fold.ts';
import type { RunRecord } from './run-record.ts';

/** A record as the events that a live run would have told it by, in their order: what `fold` takes in, taken apart again. */
interface ReplayedRun {
  /** What came before step 1. */
  readonly opening: readonly MeasuredEvent[];
  /** A step, counted from 0, with what was measured after it. */
  step(index: number): readonly MeasuredEvent[];
  /** What came after the last step. */
  readonly closing: readonly MeasuredEvent[];
}

export function replayedRun(record: RunRecord): ReplayedRun {
  const { calibration, geometryBaseline, teacher, benchmarks, inspections = [] } = record;

  function measurementsAt(step: number): MeasuredEvent[] {
    const at = <T extends { readonly step: number }>(records: readonly T[]): readonly T[] =>
      records.filter(measured => measured.step === step);
    const [samples, inspected] = [at(record.samples), at(inspections)];
    const events: MeasuredEvent[] = [
      ...at(record.evals).map(evaluation => ({ type: 'evaluation', record: evaluation }) as const),
      ...at(record.geometry).map(place => ({ type: 'geometry', record: place }) as const),
    ];
    if (samples.length > 0) events.push({ type: 'samples', records: samples });
    if (inspected.length > 0) events.push({ type: 'inspections', records: inspected });
    return events;
  }

  const opening: MeasuredEvent[] = [{ type: 'receipt', receipt: record.receipt }];
  if (calibration)
    opening.push(
      { type: 'crossed', rows: calibration.rows },
      ...calibration.steps.map(made => ({ type: 'calibration-step', record: made }) as const),
      { type: 'calibration', record: calibration },
    );
  if (teacher) opening.push({ type: 'teacher', record: teacher });
  if (geometryBaseline) opening.push({ type: 'geometry-baseline', record: geometryBaseline });
  opening.push(...measurementsAt(0));

  return {
    opening,
    step: index => {
      const made = record.steps[index];
      return made ? [{ type: 'step', record: made }, ...measurementsAt(made.step)] : [];
    },
    closing: benchmarks ? [{ type: 'benchmarks', record: benchmarks }] : [],
  };
}
