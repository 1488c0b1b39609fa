import type { ReactNode } from 'react';
import type { Table } from '../../record/tables.ts';
import { formatNumber } from '../../contract/format.ts';

interface DataTableProps {
  readonly table: Table;
  readonly className?: string;
  readonly caption?: ReactNode;
  /** The column that names the rows. */
  readonly named?: number;
  /** No name comes again: a table that grows is then drawn anew only where it does. */
  readonly unique?: boolean;
  /** The row that is marked. */
  readonly selected?: number;
  /** What stands where nothing is known. */
  readonly unknown?: string;
}

/** A table as it is exported, for the page. */
export function DataTable(props: DataTableProps) {
  const { table, className, caption, named = 0, unique = false, selected, unknown = '–' } = props;
  const { columns, rows } = table;
  return (
    <table className={className}>
      {caption && <caption>{caption}</caption>}
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
        {rows.map((cells, row) => (
          // Else a line's name may come again: a group has a line for each step.
          <tr key={unique ? cells[named] : row} className={row === selected ? 'row-selected' : undefined}>
            {cells.map((value, i) =>
              i === named ? (
                <th key={columns[i]} scope="row">
                  {value}
                </th>
              ) : (
                <td key={columns[i]} className={typeof value === 'string' ? 'figure-words' : undefined}>
                  {typeof value === 'number' ? formatNumber(value) : (value ?? unknown)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface TableRegionProps {
  /** Of what the table is. */
  readonly title: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Where a table is scrolled, by keys as well. */
export function TableRegion({ title, className = '', children }: TableRegionProps) {
  return (
    <div className={`chart-table ${className}`} tabIndex={0} role="region" aria-label={`${title}: table`}>
      {children}
    </div>
  );
}

/** The table behind a figure. */
export function PlainTable({ title, table }: { readonly title: string; readonly table: Table }) {
  return (
    <TableRegion title={title} className="figure-plain">
      <DataTable table={table} />
    </TableRegion>
  );
}
