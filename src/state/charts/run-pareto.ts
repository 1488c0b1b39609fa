import { estimate } from '../compare/estimates.ts';
import { DIVERSITY, HELPFULNESS_WINS, SAFETY_WINS } from '../../record/evaluation-record.ts';
import type { EvaluationRecord, RunRecord } from '../../record/run-record.ts';
import type { Table } from '../../record/tables.ts';

type Range = readonly [low: number, high: number];

/** An evaluation in the plane of helpfulness (x) and safety (y): win rates against the base, with 95 % intervals. */
export interface RunParetoPoint {
  readonly step: number;
  readonly x: number;
  readonly y: number;
  readonly xRange: Range | null;
  readonly yRange: Range | null;
  /** 1 − Self-BLEU; null where it was not measured. */
  readonly diversity: number | null;
}

export interface RunPareto {
  /** In order of their step. */
  readonly points: readonly RunParetoPoint[];
  readonly teacher: RunParetoPoint | null;
}

/** None where the evaluation had nothing to compare. */
function pointOf(record: EvaluationRecord): RunParetoPoint[] {
  const x = estimate(HELPFULNESS_WINS, [record]);
  const y = estimate(SAFETY_WINS, [record]);
  if (!x || !y) return [];
  const diversity = DIVERSITY.value(record);
  return [{ step: record.step, x: x.mean, y: y.mean, xRange: x.interval, yRange: y.interval, diversity }];
}

/** The path of one run through the plane. */
export const runPareto = ({ evals, teacher }: Pick<RunRecord, 'evals' | 'teacher'>): RunPareto => ({
  points: evals.flatMap(pointOf),
  teacher: (teacher && pointOf(teacher)[0]) ?? null,
});

export function runParetoTable({ points, teacher }: RunPareto): Table {
  const line = (name: string | number, { x, xRange, y, yRange, diversity }: RunParetoPoint) => [
    ...[name, x, xRange?.[0] ?? null, xRange?.[1] ?? null],
    ...[y, yRange?.[0] ?? null, yRange?.[1] ?? null, diversity],
  ];
  return {
    columns: [
      ...['step', 'helpfulness win rate', 'helpfulness 95% low', 'helpfulness 95% high'],
      ...['safety win rate', 'safety 95% low', 'safety 95% high', 'diversity'],
    ],
    rows: [...points.map(point => line(point.step, point)), ...(teacher ? [line('teacher', teacher)] : [])],
  };
}
