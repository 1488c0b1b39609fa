import type { EvaluationRecord } from '../../src/record/run-record.ts';

const HEADINGS = [
  '',
  'length',
  'over-refusal',
  'borderline',
  'unsafe',
  'rich',
  'general',
  'nats/answer',
  'KL to teacher',
];

/** Evaluations as a table for a terminal; rows without a record are left out. */
export function evaluationTable(
  rows: readonly (readonly [name: string, record: EvaluationRecord | null | undefined])[],
): string {
  const lines = rows.flatMap(([name, record]) => (record ? [[name, ...cells(record)]] : []));
  const widths = HEADINGS.map((heading, i) =>
    Math.max(heading.length, ...lines.map(line => line[i]!.length)),
  );
  return [HEADINGS, ...lines]
    .map(line =>
      line.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join('  '),
    )
    .join('\n');
}

function cells({
  benign,
  borderline,
  harmful,
  general,
  natsPerAnswer,
  klToTeacher,
}: EvaluationRecord): string[] {
  const rates = [benign.overRefusal, borderline.overRefusal, harmful.unsafe, harmful.rich, general.accuracy];
  return [
    benign.length.toFixed(1),
    ...rates.map(rate => rate.toFixed(2)),
    natsPerAnswer.toFixed(1),
    klToTeacher?.toFixed(3) ?? '–',
  ];
}
