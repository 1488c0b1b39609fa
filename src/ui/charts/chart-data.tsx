import { useMemo } from 'react';
import { DataTable, TableRegion } from '../figures/data-table.tsx';
import type { ChartSpec } from './chart-specs.ts';
import { chartTable } from './chart-table.ts';
import { useRunFrame } from '../shared/use-run-frame.ts';

/** Lines shown of a long table: its beginning and its end. The CSV has all. */
const SHOWN = 240;

/** The table behind a chart. */
export function ChartData({ chart, visible }: { readonly chart: ChartSpec; readonly visible: boolean }) {
  const frame = useRunFrame(visible);
  const { columns, rows } = useMemo(() => chartTable(frame.data, chart), [frame, chart]);
  const hidden = Math.max(0, rows.length - SHOWN);
  const shown = hidden > 0 ? [...rows.slice(0, SHOWN / 2), ...rows.slice(-SHOWN / 2)] : rows;
  return (
    <TableRegion title={chart.title}>
      <DataTable
        table={{ columns, rows: shown }}
        caption={
          <>
            {chart.title}, {chart.unit}
            {hidden > 0 && `; ${hidden} lines in the middle are in the CSV only`}
          </>
        }
        unknown=""
        unique
      />
    </TableRegion>
  );
}
