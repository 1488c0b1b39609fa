import type { RunRecord } from '../../record/run-record.ts';
import type { BundleFile } from '../../state/files/bundle-write.ts';
import { groupRuns } from '../../state/compare/groups.ts';
import { toCsv } from '../../record/tables.ts';
import type { RunData } from '../../record/run-data.ts';
import { CHARTS } from '../charts/chart-specs.ts';
import { chartTable } from '../charts/chart-table.ts';
import { FIGURES } from '../compare/compare-figures.ts';
import { runChart } from '../charts/run-chart.ts';
import { NOTES } from '../figures/notes.ts';
import { FILE_WIDTH } from '../figures/save-chart.ts';
import { chartSvg } from '../figures/svg-text.ts';

/** As the page begins with. */
const SMOOTHING = 0.75;
const OPTIONS = { progress: 'steps', expressiveness: 'withRefusals' } as const;

/** The charts of a run and, of the run alone, the figures that Compare draws: each as a drawing and as a table. */
export function bundleFigures(record: RunRecord, data: RunData, label: string): readonly BundleFile[] {
  const { steps } = record.receipt.config;
  const charts = CHARTS.flatMap(chart => [
    {
      path: `figures/${chart.id}.svg`,
      about: `chart: ${chart.title}`,
      content: chartSvg(runChart(data, chart, { smoothing: SMOOTHING, steps }, FILE_WIDTH), {
        title: `${chart.title} (${chart.unit}), ${label.toLowerCase()}`,
        note: NOTES.chart,
      }),
    },
    {
      path: `figures/${chart.id}.csv`,
      about: 'the figures in it',
      content: toCsv(chartTable(data, chart)),
    },
  ]);
  const groups = groupRuns([{ id: 'run', name: label, group: null, record }]);
  const compared = FIGURES.filter(({ id }) => id !== 'settings').flatMap(spec => {
    const { draw, table, empty } = spec.make(groups, OPTIONS);
    if (empty !== null) return [];
    return [
      ...(draw
        ? [
            {
              path: `figures/${spec.id}.svg`,
              about: `figure: ${spec.title}`,
              content: chartSvg(draw(FILE_WIDTH), { title: spec.title, note: spec.note }),
            },
          ]
        : []),
      {
        path: `figures/${spec.id}.csv`,
        about: draw ? 'the figures in it' : `table: ${spec.title}`,
        content: toCsv(table),
      },
    ];
  });
  return [...charts, ...compared];
}
