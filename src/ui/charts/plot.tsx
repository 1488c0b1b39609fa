import { memo, useMemo } from 'react';
import { CartesianGrid, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { chartAxis, type ChartAxis } from './chart-axis.ts';
import type { ChartSpec, PlotSpec } from './chart-specs.ts';
import { useChartView } from './chart-view.ts';
import { Crosshair } from './crosshair.tsx';
import './plot.css';
import { PLOT_HEIGHT, PLOT_MARGIN, X_AXIS_HEIGHT, Y_AXIS_WIDTH } from './plot-geometry.ts';
import { PlotLayers } from './plot-layers.tsx';
import { PlotReadout } from './plot-readout.tsx';
import { plotValues } from './plot-values.ts';
import { useRunFrame } from '../shared/use-run-frame.ts';

const EMPTY: never[] = [];

interface PlotProps {
  readonly chart: ChartSpec;
  readonly plot: PlotSpec;
  readonly visible: boolean;
  readonly log: boolean;
}

/** Round steps for an axis of `total` steps. */
function stepTicks(total: number): number[] {
  const spacing = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000];
  const chosen = spacing.find(size => total / size <= 5) ?? total;
  return Array.from({ length: Math.floor(total / chosen) + 1 }, (_, i) => i * chosen);
}

/** A number on an axis, in few characters. */
const tickText = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(0) : String(Number(value.toPrecision(3)));

/** Axes of a plot; drawn anew only when their ends move. */
const Axes = memo(function Axes({
  total,
  axis,
  chart,
  log,
}: {
  readonly total: number;
  readonly axis: ChartAxis;
  readonly chart: ChartSpec;
  readonly log: boolean;
}) {
  return (
    <>
      <CartesianGrid vertical={false} />
      <XAxis
        type="number"
        dataKey="step"
        domain={[0, total]}
        ticks={stepTicks(total)}
        height={X_AXIS_HEIGHT}
        tickSize={4}
        tickFormatter={(step: number) => (step === 0 ? 'step 0' : String(step))}
        allowDataOverflow
      />
      <YAxis
        type="number"
        scale={log ? 'log' : 'linear'}
        domain={[axis.low, axis.high]}
        ticks={[...axis.ticks]}
        width={Y_AXIS_WIDTH}
        tickSize={0}
        tickMargin={6}
        axisLine={false}
        tickFormatter={(value: number) => (chart.share ? String(Math.round(value * 100)) : tickText(value))}
        allowDataOverflow
      />
    </>
  );
});

export function Plot({ chart, plot, visible, log }: PlotProps) {
  const frame = useRunFrame(visible);
  const smoothing = useChartView(view => view.smoothing);
  const values = useMemo(() => plotValues(frame.data, plot, smoothing), [frame, plot, smoothing]);
  const { low, high, ticks } = useMemo(() => chartAxis(frame.data, chart, log), [frame, chart, log]);
  const places = ticks.join(' ');
  // The same object while its ends are the same: axes are what costs most to draw.
  const axis = useMemo(() => ({ low, high, ticks: places.split(' ').map(Number) }), [low, high, places]);
  const total = frame.run?.config.steps ?? 60;
  const several = chart.plots.length > 1;
  return (
    <section className="plot" aria-label={`${chart.title}, ${plot.title.toLowerCase()}`}>
      {several && <h4 className="plot-title">{plot.title}</h4>}
      <PlotReadout chart={chart} plot={plot} values={values} />
      <div className="plot-canvas" style={{ height: PLOT_HEIGHT }}>
        <ResponsiveContainer width="100%" height={PLOT_HEIGHT} minWidth={0}>
          <LineChart data={EMPTY} margin={PLOT_MARGIN} accessibilityLayer={false}>
            <Axes total={total} axis={axis} chart={chart} log={log} />
            <PlotLayers values={values} />
          </LineChart>
        </ResponsiveContainer>
        <Crosshair chart={chart} plot={plot} total={total} values={values} />
      </div>
    </section>
  );
}
