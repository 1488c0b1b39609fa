import type { ScoreCell, ScoreTable } from '../../state/compare/tables.ts';
import { fixed } from '../../contract/format.ts';
import { TableRegion } from '../figures/data-table.tsx';

function Cell({ cell, digits }: { readonly cell: ScoreCell; readonly digits: number }) {
  const mean = fixed(cell.mean, digits);
  return (
    <>
      {cell.best ? <strong>{mean}</strong> : mean}
      {cell.half !== null && <small> ± {fixed(cell.half, digits)}</small>}
    </>
  );
}

/** Policies × figures, the best of each column in bold. */
export function ScoreTableView({ title, scores }: { readonly title: string; readonly scores: ScoreTable }) {
  const { columns, rows } = scores;
  return (
    <TableRegion title={title} className="compare-scores">
      <table>
        <thead>
          <tr>
            <th scope="col">Method</th>
            {columns.map(({ id, label, detail }) => (
              <th key={id} scope="col">
                {label}
                <small>{detail}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, cells }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, i) => (
                <td key={columns[i]!.id}>{cell ? <Cell cell={cell} digits={columns[i]!.digits} /> : '–'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}
