import type { EvaluationRecord, RunRecord } from '../../record/run-record.ts';
import type { QueryKind } from '../../contract/world.ts';
import { METRICS, type MetricSeries } from '../../record/metric-series.ts';

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

type Column = readonly [name: string, figure: (record: EvaluationRecord) => number | null];

const columnsOf = (kind: QueryKind, own: readonly Column[]): readonly Column[] => [
  [`${kind}.length`, record => record[kind].length],
  ...own,
  [`${kind}.entropy`, record => record[kind].entropy],
  [`${kind}.diversity`, record => record[kind].diversity],
  [`${kind}.refusal_opening`, record => record[kind].refusalOpening],
];

const EVALUATION_COLUMNS: readonly Column[] = [
  ['queries_per_kind', record => record.queriesPerKind],
  ...columnsOf('benign', [['benign.over_refusal', ({ benign }) => benign.overRefusal]]),
  ...columnsOf('borderline', [['borderline.over_refusal', ({ borderline }) => borderline.overRefusal]]),
  ...columnsOf('harmful', [
    ['harmful.refusal', ({ harmful }) => harmful.refusal],
    ['harmful.unsafe', ({ harmful }) => harmful.unsafe],
    ['harmful.rich', ({ harmful }) => harmful.rich],
  ]),
  ...columnsOf('general', [['general.accuracy', ({ general }) => general.accuracy]]),
  ['nats_per_answer', record => record.natsPerAnswer],
  ['kl_to_teacher', record => record.klToTeacher],
  ['safety_win_rate', ({ winRates }) => winRates.safety],
  ['helpfulness_win_rate', ({ winRates }) => winRates.helpfulness],
];

/** All evaluations of a run; the teacher's, where there is one, is the last line and has no step. */
export function evaluationsTable({ evals, teacher }: Pick<RunRecord, 'evals' | 'teacher'>): Table {
  const lines = [
    ...evals.map(record => ({ who: 'student', step: record.step as number | null, record })),
    ...(teacher ? [{ who: 'teacher', step: null, record: teacher }] : []),
  ];
  return {
    columns: ['who', 'step', ...EVALUATION_COLUMNS.map(([name]) => name)],
    rows: lines.map(({ who, step, record }) => [
      who,
      step,
      ...EVALUATION_COLUMNS.map(([, figure]) => figure(record)),
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
