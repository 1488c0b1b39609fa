import { EVALUATION_FIGURES, type EvaluationFigure } from '../../src/record/evaluation-record.ts';
import type { EvaluationRecord } from '../../src/record/run-record.ts';

/** A figure as a terminal shows it; a dash where there is none. */
export const shownFigure = ({ value, digits }: EvaluationFigure, record: EvaluationRecord): string =>
  value(record)?.toFixed(digits) ?? '–';

const SHOWN = EVALUATION_FIGURES.filter(({ short }) => short !== undefined);

/** Evaluations as a table for a terminal; rows without a record are left out. */
export function evaluationTable(
  rows: readonly (readonly [name: string, record: EvaluationRecord | null | undefined])[],
): string {
  const headings = ['', ...SHOWN.map(({ short }) => short!)];
  const lines = rows.flatMap(([name, record]) =>
    record ? [[name, ...SHOWN.map(figure => shownFigure(figure, record))]] : [],
  );
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...lines.map(line => line[i]!.length)),
  );
  return [headings, ...lines]
    .map(line =>
      line.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join('  '),
    )
    .join('\n');
}
