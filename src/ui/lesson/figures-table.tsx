import type { Table } from '../../state/export.ts';

/** A small table of figures; the first column names the rows. */
export function FiguresTable({ caption, table }: { readonly caption: string; readonly table: Table }) {
  const { columns, rows } = table;
  return (
    <table className="lesson-table">
      <caption>{caption}</caption>
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
        {rows.map(([name, ...cells]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells.map((cell, i) => (
              <td key={columns[i + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
