import type { InspectionRecord } from '../../contract/inspection.ts';
import { formatNumber } from '../../state/format.ts';
import type { InspectedToken } from '../../state/inspect-answer.ts';
import { inspectionTable } from '../../state/inspect-table.ts';

interface TokenTableProps {
  readonly tokens: readonly InspectedToken[];
  readonly record: InspectionRecord;
  readonly selected: number;
}

/** The same answer as a table: every figure of every token. */
export function TokenTable({ tokens, record, selected }: TokenTableProps) {
  const { columns, rows } = inspectionTable(tokens);
  return (
    <div className="tokens-table" role="region" tabIndex={0} aria-label="Tokens of the answer: table">
      <table>
        <caption>
          {record.kind} prompt, {record.answer === 'initial' ? 'answer before training' : 'student’s answer'},
          step {record.step}; nats
        </caption>
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
          {rows.map(([place, token, ...cells], i) => (
            <tr key={place} className={i === selected ? 'tokens-row-selected' : undefined}>
              <td>{place}</td>
              <th scope="row">{token}</th>
              {cells.map((value, at) => (
                <td key={columns[at + 2]}>{typeof value === 'number' ? formatNumber(value) : value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
