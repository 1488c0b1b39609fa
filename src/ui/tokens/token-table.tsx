import { memo } from 'react';
import type { InspectionRecord } from '../../record/inspection.ts';
import type { InspectedToken } from '../../state/tokens/inspect-answer.ts';
import { inspectionTable } from '../../state/tokens/inspect-table.ts';
import { DataTable, TableRegion } from '../figures/data-table.tsx';

interface TokenTableProps {
  readonly tokens: readonly InspectedToken[];
  readonly record: InspectionRecord;
  readonly selected: number;
}

/** The same answer as a table: every figure of every token. */
export const TokenTable = memo(function TokenTable({ tokens, record, selected }: TokenTableProps) {
  return (
    <TableRegion title="Tokens of the answer" className="tokens-table">
      <DataTable
        table={inspectionTable(tokens)}
        caption={
          <>
            {record.kind} prompt,{' '}
            {record.answer === 'initial' ? 'answer before training' : 'student’s answer'}, step {record.step};
            nats
          </>
        }
        named={1}
        selected={selected}
      />
    </TableRegion>
  );
});
