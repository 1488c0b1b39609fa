import { useMemo, useState } from 'react';
import { fileName } from '../../record/tables.ts';
import { DataTable, TableRegion } from '../figures/data-table.tsx';
import { FigureTools } from '../figures/figure-tools.tsx';
import { NOTES } from '../figures/notes.ts';
import { saveChart } from '../figures/save-chart.ts';
import { ErrorBoundary } from '../shared/error-boundary.tsx';
import { useLab, useShownRun } from '../shared/lab-context.ts';
import { saveTable } from '../shared/save-file.ts';
import { useRunFrame, useVisible } from '../shared/use-run-frame.ts';
import { useChartView } from './chart-view.ts';
import type { ChartSpec } from './chart-specs.ts';
import { chartTable } from './chart-table.ts';
import { Plot } from './plot.tsx';
import { runChart } from './run-chart.ts';

/** Lines shown of a long table: its beginning and its end. The CSV has all. */
const SHOWN_LINES = 240;

/** The table behind a chart. */
function ChartData({ chart, visible }: { readonly chart: ChartSpec; readonly visible: boolean }) {
  const frame = useRunFrame(visible);
  const { columns, rows } = useMemo(() => chartTable(frame.data, chart), [frame, chart]);
  const hidden = Math.max(0, rows.length - SHOWN_LINES);
  const shown = hidden > 0 ? [...rows.slice(0, SHOWN_LINES / 2), ...rows.slice(-SHOWN_LINES / 2)] : rows;
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

/** A chart with its plots, or the table behind them, and what can be taken home of it. */
export function ChartCard({ chart }: { readonly chart: ChartSpec }) {
  const { runs } = useLab();
  const run = useShownRun();
  const smoothing = useChartView(view => view.smoothing);
  const [table, setTable] = useState(false);
  const [log, setLog] = useState(false);
  const [watch, visible] = useVisible();
  const label = run?.label ?? 'run';

  const saveDrawing = async (kind: 'svg' | 'png'): Promise<void> => {
    if (!run) return;
    const options = { smoothing, steps: run.config.steps, log };
    await saveChart(width => runChart(runs.data(run.id), chart, options, width), kind, {
      title: `${chart.title} (${chart.unit}${log ? ', log axis' : ''}), ${label.toLowerCase()}`,
      note: NOTES.chart,
      name: fileName(label, chart.id, kind),
    });
  };

  return (
    <section
      ref={watch}
      className={`chart chart-${chart.plots.length > 1 ? 'wide' : 'half'}`}
      aria-labelledby={`chart-${chart.id}`}
    >
      <header className="chart-head">
        <h3 id={`chart-${chart.id}`}>
          {chart.title} <span className="chart-unit">{chart.unit}</span>
        </h3>
        <FigureTools
          title={chart.title}
          asTable={table}
          onTable={setTable}
          before={
            !chart.share && (
              <button
                type="button"
                className="button button-quiet"
                aria-label="Log axis"
                title="Logarithmic axis: equal ratios are equally far; zeros have no place on it"
                aria-pressed={log}
                disabled={table}
                onClick={() => setLog(!log)}
              >
                Log
              </button>
            )
          }
          onCsv={run && (() => saveTable(label, chart.id, chartTable(runs.data(run.id), chart)))}
          onDrawing={saveDrawing}
          undrawn={!run || table}
        />
      </header>
      <p className="chart-about">{chart.about}</p>
      <ErrorBoundary panel={chart.title}>
        {table ? (
          <ChartData chart={chart} visible={visible} />
        ) : (
          <div className="plots">
            {chart.plots.map(plot => (
              <Plot key={plot.id} chart={chart} plot={plot} visible={visible} log={log} />
            ))}
          </div>
        )}
      </ErrorBoundary>
    </section>
  );
}
