import type { ScoreCell, ScoreTable } from '../../src/state/compare/tables.ts';

/** A table in Markdown. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), `|${headings.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

const cellText = (cell: ScoreCell | null | undefined, digits: number): string => {
  if (!cell) return '–';
  const text = `${cell.mean.toFixed(digits)}${cell.half === null ? '' : ` ± ${cell.half.toFixed(digits)}`}`;
  return cell.best ? `**${text}**` : text;
};

/** Scores with half-widths, the best of each column bold; `transposed` puts policies in columns. */
export function scoreMarkdown(
  { columns, rows }: ScoreTable,
  { transposed = false }: { readonly transposed?: boolean } = {},
): string {
  if (!transposed)
    return markdownTable(
      ['', ...columns.map(({ label }) => label)],
      rows.map(({ name, cells }) => [name, ...columns.map(({ digits }, i) => cellText(cells[i], digits))]),
    );
  return markdownTable(
    ['', ...rows.map(({ name }) => name)],
    columns.map(({ label, detail, digits }, i) => [
      `${label} (${detail})`,
      ...rows.map(({ cells }) => cellText(cells[i], digits)),
    ]),
  );
}
