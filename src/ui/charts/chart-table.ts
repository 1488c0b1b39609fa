import type { Table } from '../../record/tables.ts';
import type { RunData } from '../../record/run-data.ts';
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
  const columns = plots.flatMap(({ title, metric, evaluated, interval }) => [
    ...(metric ? [`${name(title)}rollouts`] : []),
    ...(evaluated ? [`${name(title)}evaluation`] : []),
    ...(interval ? [`${name(title)}95% low`, `${name(title)}95% high`] : []),
  ]);
  const rowOf = new Map(Array.from(data.series.steps, (step, row) => [step, row]));
  const evalOf = new Map(data.evals.map(record => [record.step, record]));
  const steps = [...new Set([...rowOf.keys(), ...evalOf.keys()])].sort((a, b) => a - b);
  const figures = plots.map(({ metric }) => (metric ? data.series.column(metric) : null));

  const lines = steps.map(step => {
    const row = rowOf.get(step);
    const record = evalOf.get(step);
    const cells = plots.flatMap(({ metric, evaluated, interval }, i) => {
      const range = record && interval?.(record);
      return [
        ...(metric ? [row === undefined ? null : round(figures[i]?.[row])] : []),
        ...(evaluated ? [round(record && evaluated(record))] : []),
        ...(interval ? [round(range?.[0]), round(range?.[1])] : []),
      ];
    });
    return [step, ...cells];
  });
  const { teacher } = data;
  const last =
    teacher && plots.some(({ evaluated }) => evaluated)
      ? [
          'teacher',
          ...plots.flatMap(({ metric, evaluated, interval, teacherLevel }) => [
            ...(metric ? [null] : []),
            ...(evaluated ? [round(teacherLevel ?? evaluated(teacher))] : []),
            ...(interval ? [null, null] : []),
          ]),
        ]
      : null;
  return { columns: ['step', ...columns], rows: last ? [...lines, last] : lines };
}
