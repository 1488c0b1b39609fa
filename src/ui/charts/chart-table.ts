import type { Table } from '../../state/export.ts';
import { wilsonInterval } from '../../state/interval.ts';
import type { RunData } from '../../state/run-data.ts';
import type { ChartSpec } from './chart-specs.ts';

/** The figures behind a chart, shares in percent as on its axis: a line for every step and evaluation, a last one for the teacher. */
export function chartTable(data: RunData, chart: ChartSpec): Table {
  const { plots, share } = chart;
  const scale = share ? 100 : 1;
  const round = (value: number | null | undefined): number | null =>
    value === null || value === undefined || !Number.isFinite(value)
      ? null
      : Number((value * scale).toPrecision(5));
  const name = (title: string): string =>
    plots.length > 1 ? `${title.replace(' queries', '').toLowerCase()} ` : '';
  const columns = plots.flatMap(({ title }) => [
    `${name(title)}rollouts`,
    `${name(title)}evaluation`,
    ...(share ? [`${name(title)}95% low`, `${name(title)}95% high`] : []),
  ]);
  const rowOf = new Map(Array.from(data.series.steps, (step, row) => [step, row]));
  const evalOf = new Map(data.evals.map(record => [record.step, record]));
  const steps = [...new Set([...rowOf.keys(), ...evalOf.keys()])].sort((a, b) => a - b);
  const figures = plots.map(plot => data.series.column(plot.metric));

  const lines = steps.map(step => {
    const row = rowOf.get(step);
    const record = evalOf.get(step);
    const cells = plots.flatMap((plot, i) => {
      const evaluated = record ? plot.evaluated(record) : null;
      const interval =
        share && record && evaluated !== null ? wilsonInterval(evaluated, record.queriesPerKind) : null;
      return [
        row === undefined ? null : round(figures[i]?.[row]),
        round(evaluated),
        ...(share ? [round(interval?.[0]), round(interval?.[1])] : []),
      ];
    });
    return [step, ...cells];
  });
  const { teacher } = data;
  const last = teacher
    ? [
        'teacher',
        ...plots.flatMap(plot => [
          null,
          round(plot.teacherLevel ?? plot.evaluated(teacher)),
          ...(share ? [null, null] : []),
        ]),
      ]
    : null;
  return { columns: ['step', ...columns], rows: last ? [...lines, last] : lines };
}
