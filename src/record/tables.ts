import type { EvaluationRecord, RunRecord } from './run-record.ts';
import { EVALUATION_FIGURES } from './evaluation-record.ts';
import type { MetricSeries } from './metric-series.ts';
import { STEP_COLUMNS } from './step-record.ts';

/** A table as it is shown and exported: one row a line, the first column names it. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

function cell(value: string | number | null): string {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180: CRLF between lines, quotes doubled; non-finite values are empty. */
export function toCsv({ columns, rows }: Table): string {
  return [columns, ...rows].map(row => row.map(cell).join(',') + '\r\n').join('');
}

/** All steps of a run, one a line, every figure a column. */
export function stepsTable(series: MetricSeries): Table {
  const metrics = STEP_COLUMNS.map(({ metric }) => metric);
  const columns = metrics.map(metric => series.column(metric));
  return {
    columns: ['step', ...metrics],
    rows: Array.from(series.steps, (step, row) => [step, ...columns.map(column => column[row] ?? null)]),
  };
}

interface Column {
  readonly csv: string;
  value(record: EvaluationRecord): number | null;
}

const EVALUATION_COLUMNS: readonly Column[] = [
  { csv: 'queries_per_kind', value: record => record.queriesPerKind },
  ...EVALUATION_FIGURES.flatMap(({ csv, value }) => (csv === undefined ? [] : [{ csv, value }])),
];

/** All evaluations of a run; the teacher's, where there is one, is the last line and has no step. */
export function evaluationsTable({ evals, teacher }: Pick<RunRecord, 'evals' | 'teacher'>): Table {
  const lines = [
    ...evals.map(record => ({ who: 'student', step: record.step as number | null, record })),
    ...(teacher ? [{ who: 'teacher', step: null, record: teacher }] : []),
  ];
  return {
    columns: ['who', 'step', ...EVALUATION_COLUMNS.map(({ csv }) => csv)],
    rows: lines.map(({ who, step, record }) => [
      who,
      step,
      ...EVALUATION_COLUMNS.map(({ value }) => value(record)),
    ]),
  };
}

/** A descriptive file name, in characters that every system allows. */
export function fileName(label: string, part: string, extension: string): string {
  const clean = `${label}-${part}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `copsd-${clean}.${extension}`;
}
