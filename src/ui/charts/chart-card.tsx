import { useRef, useState } from 'react';
import { fileName } from '../../state/files/export.ts';
import { ErrorBoundary } from '../shared/error-boundary.tsx';
import { useLab, useShownRun } from '../shared/lab-context.ts';
import { FigureTools } from '../figures/figure-tools.tsx';
import { NOTES } from '../figures/notes.ts';
import { saveTable } from '../shared/save-file.ts';
import { ChartData } from './chart-data.tsx';
import { chartTable } from './chart-table.ts';
import type { ChartSpec } from './chart-specs.ts';
import { Plot } from './plot.tsx';
import { saveSvg } from './save-svg.ts';
import { chartSvg } from './svg-export.ts';
import { useVisible } from '../shared/use-run-frame.ts';

/** A chart with its plots, or the table behind them, and what can be taken home of it. */
export function ChartCard({ chart }: { readonly chart: ChartSpec }) {
  const lab = useLab();
  const run = useShownRun();
  const card = useRef<HTMLElement | null>(null);
  const [table, setTable] = useState(false);
  const [log, setLog] = useState(false);
  const [watch, visible] = useVisible();
  const label = run?.label ?? 'run';

  const saveDrawing = async (kind: 'svg' | 'png'): Promise<void> => {
    if (!card.current) return;
    const svg = chartSvg(
      card.current,
      `${chart.title} (${chart.unit}${log ? ', log axis' : ''}), ${label.toLowerCase()}`,
      NOTES.chart,
    );
    await saveSvg(svg, kind, fileName(label, chart.id, kind));
  };

  return (
    <section
      ref={element => {
        card.current = element;
        watch(element);
      }}
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
          onCsv={run && (() => saveTable(label, chart.id, chartTable(lab.runs.data(run.id), chart)))}
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
