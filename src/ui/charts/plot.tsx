import { useMemo } from 'react';
import { PanelView, useWidth } from '../figures/chart-view.tsx';
import { useRunFrame } from '../shared/use-run-frame.ts';
import type { ChartSpec, PlotSpec } from './chart-specs.ts';
import { useChartView } from './chart-view.ts';
import { Crosshair } from './crosshair.tsx';
import { PlotReadout } from './plot-readout.tsx';
import { plotValues } from './plot-values.ts';
import { evaluationLayers, figureAxis, PLOT_HEIGHT, PLOT_INSET, runAxis, stepLayers } from './run-chart.ts';

interface PlotProps {
  readonly chart: ChartSpec;
  readonly plot: PlotSpec;
  readonly visible: boolean;
  readonly log: boolean;
}

/** A plot of the shown run, with its numbers above and the crosshair on top. */
export function Plot({ chart, plot, visible, log }: PlotProps) {
  const frame = useRunFrame(visible);
  const smoothing = useChartView(view => view.smoothing);
  const [measure, width] = useWidth(0);
  const values = useMemo(() => plotValues(frame.data, plot, smoothing), [frame, plot, smoothing]);
  const y = useMemo(() => figureAxis(frame.data, chart, log), [frame, chart, log]);
  const { evaluations, base, teacher } = values;
  // The same layers until the next evaluation, which Recharts then leaves alone.
  const { below, above } = useMemo(
    () => evaluationLayers({ evaluations, base, teacher }, log),
    [evaluations, base, teacher, log],
  );
  const total = frame.run?.config.steps ?? 60;
  const x = useMemo(() => runAxis(total, width ?? 0), [total, width]);
  const layers = useMemo(() => [...below, ...stepLayers(values, log), ...above], [below, values, log, above]);
  return (
    <section className="plot" aria-label={`${chart.title}, ${plot.title.toLowerCase()}`}>
      {chart.plots.length > 1 && <h4 className="plot-title">{plot.title}</h4>}
      <PlotReadout chart={chart} plot={plot} values={values} />
      <div ref={measure} className="plot-canvas" style={{ height: PLOT_HEIGHT }}>
        {width !== null && (
          <PanelView panel={{ x, y, height: PLOT_HEIGHT, inset: PLOT_INSET, layers }} width={width} />
        )}
        <Crosshair chart={chart} plot={plot} total={total} values={values} />
      </div>
    </section>
  );
}
