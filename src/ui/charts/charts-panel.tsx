import { lazy, Suspense, useId, useState } from 'react';
import { ChartCard } from './chart-card.tsx';
import { ChartKey } from './chart-key.tsx';
import { CHARTS, MORE_CHARTS } from './chart-specs.ts';
import { setSmoothing, SMOOTHINGS, useChartView } from './chart-view.ts';
import './charts.css';

/** Fetched when first unfolded. */
const MoreCharts = lazy(async () => ({ default: (await import('./more-charts.tsx')).MoreCharts }));

const FOLDED = MORE_CHARTS.map(({ title }) => title.toLowerCase()).join(', ');

/** Figures that stay folded, and cost nothing, until they are opened. */
function More() {
  const [open, setOpen] = useState(false);
  return (
    <details className="charts-more" open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="charts-more-title">More figures</span> {FOLDED}, safety × helpfulness
      </summary>
      {open && (
        <Suspense>
          <MoreCharts />
        </Suspense>
      )}
    </details>
  );
}

/** The charts of the shown run. */
export function ChartsPanel() {
  const smoothing = useChartView(view => view.smoothing);
  const select = useId();
  return (
    <div className="charts">
      <div className="charts-key">
        <ChartKey />
        <label htmlFor={select}>Smoothing</label>
        <select
          id={select}
          className="select charts-smoothing"
          value={smoothing}
          onChange={event => setSmoothing(Number(event.target.value))}
        >
          {SMOOTHINGS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <div className="charts-grid">
        {CHARTS.map(chart => (
          <ChartCard key={chart.id} chart={chart} />
        ))}
      </div>
      <More />
      <p className="charts-note">
        The bundled model was pretrained to answer shortly and cautiously when a constitution stands before a
        query: that contraction is written into its data, as real models have it from theirs. What the lab
        measures is how it passes to a student that never sees the constitution, and how far it spreads to
        harmless queries.
      </p>
    </div>
  );
}
