import { useRef, useState } from 'react';
import { fileName, toCsv } from '../../state/export.ts';
import { ErrorBoundary } from '../shared/error-boundary.tsx';
import { useLab, useShownRun } from '../shared/lab-context.ts';
import { NOTES } from '../figures/notes.ts';
import { saveFile } from '../shared/save-file.ts';
import { ChartData } from './chart-data.tsx';
import { chartTable } from './chart-table.ts';
import type { ChartSpec } from './chart-specs.ts';
import { Plot } from './plot.tsx';
import { svgToPng } from './png-export.ts';
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

  const saveCsv = (): void => {
    if (!run) return;
    saveFile(fileName(label, chart.id, 'csv'), 'text/csv', toCsv(chartTable(lab.runs.data(run.id), chart)));
  };
  const saveDrawing = async (kind: 'svg' | 'png'): Promise<void> => {
    if (!card.current) return;
    const svg = chartSvg(
      card.current,
      `${chart.title} (${chart.unit}${log ? ', log axis' : ''}), ${label.toLowerCase()}`,
      NOTES.chart,
    );
    const name = fileName(label, chart.id, kind);
    if (kind === 'svg') saveFile(name, 'image/svg+xml', svg);
    else saveFile(name, 'image/png', await svgToPng(svg));
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
        <div className="chart-tools" role="group" aria-label={`${chart.title}: views and files`}>
          {!chart.share && (
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
          )}
          <button
            type="button"
            className="button button-quiet"
            aria-pressed={table}
            onClick={() => setTable(!table)}
          >
            Table
          </button>
          <button type="button" className="button button-quiet" onClick={saveCsv} disabled={!run}>
            CSV
          </button>
          {(['svg', 'png'] as const).map(kind => (
            <button
              key={kind}
              type="button"
              className="button button-quiet"
              onClick={() => void saveDrawing(kind)}
              disabled={!run || table}
            >
              {kind.toUpperCase()}
            </button>
          ))}
        </div>
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
