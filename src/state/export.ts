import type { RunRecord } from '../contract/run-record.ts';
import { METRICS, type MetricSeries } from './metric-series.ts';

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

/** RFC 4180: CRLF between lines, quotes doubled; what is not finite is empty. */
export function toCsv({ columns, rows }: Table): string {
  return [columns, ...rows].map(row => row.map(cell).join(',') + '\r\n').join('');
}

/** All steps of a run, one a line, every figure a column. */
export function stepsTable(series: MetricSeries): Table {
  const columns = METRICS.map(metric => series.column(metric));
  return {
    columns: ['step', ...METRICS],
    rows: Array.from(series.steps, (step, row) => [step, ...columns.map(column => column[row] ?? null)]),
  };
}

/** All evaluations of a run; the teacher's, where there is one, is the last line and has no step. */
export function evaluationsTable({ evals, teacher }: Pick<RunRecord, 'evals' | 'teacher'>): Table {
  const lines = [
    ...evals.map(record => ({ who: 'student', step: record.step as number | null, record })),
    ...(teacher ? [{ who: 'teacher', step: null, record: teacher }] : []),
  ];
  return {
    columns: [
      'who',
      'step',
      'queries_per_kind',
      'benign.length',
      'benign.over_refusal',
      'benign.entropy',
      'borderline.length',
      'borderline.over_refusal',
      'borderline.entropy',
      'harmful.length',
      'harmful.refusal',
      'harmful.unsafe',
      'harmful.rich',
      'harmful.entropy',
      'general.accuracy',
      'general.length',
      'general.entropy',
      'nats_per_answer',
      'kl_to_teacher',
    ],
    rows: lines.map(({ who, step, record: { benign, borderline, harmful, general, ...rest } }) => [
      who,
      step,
      rest.queriesPerKind,
      benign.length,
      benign.overRefusal,
      benign.entropy,
      borderline.length,
      borderline.overRefusal,
      borderline.entropy,
      harmful.length,
      harmful.refusal,
      harmful.unsafe,
      harmful.rich,
      harmful.entropy,
      general.accuracy,
      general.length,
      general.entropy,
      rest.natsPerAnswer,
      rest.klToTeacher,
    ]),
  };
}

/** A file name that says what is in it, of letters that every system takes. */
export function fileName(label: string, part: string, extension: string): string {
  const clean = `${label}-${part}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `copsd-${clean}.${extension}`;
}
