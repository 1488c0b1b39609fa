import type { ChartSpec, PlotSpec } from './chart-specs.ts';
import { useChartView } from './chart-view.ts';
import { latestValue, valuesAt, type PlotValues } from './plot-values.ts';

interface ReadoutProps {
  readonly chart: ChartSpec;
  readonly plot: PlotSpec;
  readonly values: PlotValues;
}

/** Numbers above a plot: base, student and teacher; under the crosshair, the student's at that step. */
export function PlotReadout({ chart, plot, values }: ReadoutProps) {
  const cursor = useChartView(view => view.cursor);
  const { format } = chart;
  const show = (value: number | null): string => (value === null ? '–' : format(value));
  const here = cursor === null ? null : valuesAt(values, cursor);
  const student = here ? (here.evaluation ?? here.smoothed) : latestValue(values);
  return (
    <dl className="readout">
      {plot.evaluated && (
        <div className="readout-base">
          <dt>base</dt>
          <dd>{show(values.base)}</dd>
        </div>
      )}
      <div className="readout-student">
        <dt>{here ? `step ${here.step}` : 'student'}</dt>
        <dd>{show(student)}</dd>
      </div>
      {plot.evaluated && (
        <div className="readout-teacher">
          <dt>teacher</dt>
          <dd>{show(values.teacher)}</dd>
        </div>
      )}
    </dl>
  );
}
