import type { KeyboardEvent, PointerEvent } from 'react';
import type { ChartSpec, PlotSpec } from './chart-specs.ts';
import { setCursor, useChartView } from './chart-view.ts';
import type { PlotValues } from './plot-values.ts';
import { PLOT_MARGIN, X_AXIS_HEIGHT, Y_AXIS_WIDTH } from './plot-geometry.ts';
import { describeAt, valuesAt } from './values-at.ts';

interface CrosshairProps {
  readonly chart: ChartSpec;
  readonly plot: PlotSpec;
  readonly total: number;
  readonly values: PlotValues;
}

/** How far the cursor moves on a key, in steps of a run of `total`. */
function moved(key: string, from: number, total: number): number | null {
  const page = Math.max(1, Math.round(total / 10));
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return from + 1;
    case 'ArrowLeft':
    case 'ArrowDown':
      return from - 1;
    case 'PageUp':
      return from + page;
    case 'PageDown':
      return from - page;
    case 'Home':
      return 0;
    case 'End':
      return total;
    default:
      return null;
  }
}

/** The crosshair that all plots share: follows the pointer, and the arrow keys where it has the focus. */
export function Crosshair({ chart, plot, total, values }: CrosshairProps) {
  const cursor = useChartView(view => view.cursor);
  const place = (step: number): void => setCursor(Math.min(total, Math.max(0, step)));

  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    place(Math.round(((event.clientX - left) / width) * total));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = moved(event.key, cursor ?? values.smoothed.x.at(-1) ?? 0, total);
    if (next === null && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (next === null) setCursor(null);
    else place(next);
  };

  return (
    <div
      className="crosshair"
      style={{
        top: PLOT_MARGIN.top,
        left: PLOT_MARGIN.left + Y_AXIS_WIDTH,
        right: PLOT_MARGIN.right,
        bottom: PLOT_MARGIN.bottom + X_AXIS_HEIGHT,
      }}
      role="slider"
      tabIndex={0}
      aria-label={`${chart.title}, ${plot.title.toLowerCase()}: step`}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={cursor ?? values.smoothed.x.at(-1) ?? 0}
      aria-valuetext={describeAt(chart, valuesAt(values, cursor ?? values.smoothed.x.at(-1) ?? 0))}
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
