import type { KeyboardEvent, PointerEvent } from 'react';
import { keyedTo } from '../shared/slider-keys.ts';
import type { ChartSpec, PlotSpec } from './chart-specs.ts';
import { setCursor, useChartView } from './chart-view.ts';
import { describeAt, valuesAt, type PlotValues } from './plot-values.ts';
import { PLOT_INSET } from './run-chart.ts';

interface CrosshairProps {
  readonly chart: ChartSpec;
  readonly plot: PlotSpec;
  readonly total: number;
  readonly values: PlotValues;
}

/** The crosshair that all plots share: follows the pointer, and the arrow keys where it has the focus. */
export function Crosshair({ chart, plot, total, values }: CrosshairProps) {
  const cursor = useChartView(view => view.cursor);
  const at = cursor ?? values.smoothed.x.at(-1) ?? 0;

  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const step = Math.round(((event.clientX - left) / width) * total);
    setCursor(Math.min(total, Math.max(0, step)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.round(total / 10));
    const next = keyedTo(event.key, at, { low: 0, high: total, step: 1, page });
    if (next === null && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    setCursor(next);
  };

  return (
    <div
      className="crosshair"
      style={PLOT_INSET}
      role="slider"
      tabIndex={0}
      aria-label={`${chart.title}, ${plot.title.toLowerCase()}: step`}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={at}
      aria-valuetext={describeAt(chart, valuesAt(values, at))}
      onPointerMove={onPointerMove}
      onPointerLeave={() => setCursor(null)}
      onKeyDown={onKeyDown}
      onBlur={() => setCursor(null)}
    >
      {cursor !== null && cursor <= total && (
        <div className="crosshair-line" style={{ left: `${(cursor / total) * 100}%` }} />
      )}
    </div>
  );
}
