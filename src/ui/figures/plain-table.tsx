import type { Table } from '../../state/export.ts';
import { formatNumber } from '../../state/format.ts';

/** The table behind a figure. */
export function PlainTable({ title, table }: { readonly title: string; readonly table: Table }) {
  const { columns, rows } = table;
  return (
    <div className="chart-table figure-plain" tabIndex={0} role="region" aria-label={`${title}: table`}>
      <table>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...cells], row) => (
            // A line's name may come again: a group has a line for each step.
            <tr key={row}>
              <th scope="row">{first}</th>
              {cells.map((value, i) => (
                <td key={columns[i + 1]} className={typeof value === 'string' ? 'figure-words' : undefined}>
                  {typeof value === 'number' ? formatNumber(value) : (value ?? '–')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
