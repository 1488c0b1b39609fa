import type { ExpressivenessAxis } from '../../record/geometry-record.ts';
import { barsFigure, barsTable } from '../../state/compare/bars.ts';
import { dynamicsFigure, dynamicsTable, type ProgressAxis } from '../../state/compare/dynamics.ts';
import { geometryFigure, geometryTable } from '../../state/compare/geometry.ts';
import type { RunGroup } from '../../state/compare/groups.ts';
import { paretoFigure, paretoTable } from '../../state/compare/pareto.ts';
import { radarFigure, radarTable } from '../../state/compare/radar.ts';
import { settingsTable } from '../../state/compare/settings.ts';
import { benchmarkTable, measureTable, plainScores, type ScoreTable } from '../../state/compare/tables.ts';
import type { Table } from '../../record/tables.ts';
import { barsChart } from '../figures/bars-chart.ts';
import type { Chart } from '../figures/chart.ts';
import { dynamicsChart } from '../figures/dynamics-chart.ts';
import { pathChart } from '../figures/path-chart.ts';
import { NOTES } from '../figures/notes.ts';
import { radarChart } from '../figures/radar-chart.ts';
import { paretoChart } from '../figures/win-rate-charts.ts';

export interface FigureOptions {
  readonly progress: ProgressAxis;
  readonly expressiveness: ExpressivenessAxis;
}

/** A figure of some groups: a drawing with the table behind it, or a table alone. */
export interface MadeFigure {
  readonly draw: ((width: number) => Chart) | null;
  readonly scores: ScoreTable | null;
  readonly table: Table;
  /** Why there is nothing to see, if so. */
  readonly empty: string | null;
}

export interface FigureSpec {
  readonly id: string;
  readonly tab: string;
  readonly title: string;
  /** One line: what to look for. */
  readonly about: string;
  /** What the marks mean. */
  readonly note: string;
  /** Which of the options has an effect. */
  readonly option?: keyof FigureOptions;
  make(groups: readonly RunGroup[], options: FigureOptions): MadeFigure;
}

const drawn = (draw: (width: number) => Chart, table: Table, empty: string | null = null): MadeFigure => ({
  draw,
  scores: null,
  table,
  empty,
});
const scored = (scores: ScoreTable, empty: string | null = null): MadeFigure => ({
  draw: null,
  scores,
  table: plainScores(scores),
  empty,
});

const SCORES_NOTE =
  'Held-out, at the end of training; ± half of the 95 % interval; best in bold, ties included. A group’s figure is its mean over seeds.';

export const FIGURES: readonly FigureSpec[] = [
  {
    id: 'pareto',
    tab: 'Pareto',
    title: 'Safety and helpfulness',
    about:
      'Who wins against the base on safety without losing on helpfulness? Better is up and to the right.',
    note: NOTES.pareto,
    make(groups) {
      const points = paretoFigure(groups);
      return drawn(width => paretoChart(points, width), paretoTable(points));
    },
  },
  {
    id: 'dynamics',
    tab: 'Dynamics',
    title: 'Training dynamics',
    about: 'Do answers shrink and refusals spread while the unsafe answers go away?',
    note: NOTES.dynamics,
    option: 'progress',
    make(groups, { progress }) {
      const figure = dynamicsFigure(groups, progress);
      return drawn(width => dynamicsChart(figure, width), dynamicsTable(figure));
    },
  },
  {
    id: 'teachers',
    tab: 'Teacher and student',
    title: 'Teacher against student',
    about: 'What did the student, which never reads the constitution, take over from the teacher that does?',
    note: NOTES.bars,
    make(groups) {
      const figure = barsFigure(groups);
      return drawn(width => barsChart(figure, width), barsTable(figure));
    },
  },
  {
    id: 'radar',
    tab: 'Radar',
    title: 'Ablation radar',
    about: 'Which axis does a variant lose? For the paper’s ablation choose COPSD, its variants and OPSD.',
    note: NOTES.radar,
    make(groups) {
      const shapes = radarFigure(groups);
      return drawn(width => radarChart(shapes, width), radarTable(shapes));
    },
  },
  {
    id: 'geometry',
    tab: 'Geometry',
    title: 'Path through safety and expressiveness',
    about: 'Does a push toward safety pull answers to benign queries down with it?',
    note: `${NOTES.geometry} · definitions are this lab’s own`,
    option: 'expressiveness',
    make(groups, { expressiveness }) {
      const figure = geometryFigure(groups, expressiveness);
      const empty = figure.paths.length === 0 ? 'None of these runs measured the geometry.' : null;
      return drawn(width => pathChart(figure, width), geometryTable(figure), empty);
    },
  },
  {
    id: 'measures',
    tab: 'Measures',
    title: 'Methods and measures',
    about: 'The full profile of each method, and what its safety costs in general ability.',
    note: SCORES_NOTE,
    make: groups => scored(measureTable(groups)),
  },
  {
    id: 'benchmarks',
    tab: 'Benchmarks',
    title: 'Methods and mini-benchmarks',
    about: 'Twelve small benchmarks in the roles of the paper’s twelve, by their headline metrics.',
    note: SCORES_NOTE,
    make(groups) {
      const scores = benchmarkTable(groups);
      return scored(
        scores,
        scores.columns.length === 0 ? 'None of these runs was asked the benchmarks.' : null,
      );
    },
  },
  {
    id: 'settings',
    tab: 'Settings',
    title: 'Settings that differ',
    about: 'What was done differently, and nothing else.',
    note: 'Each column’s value; where a group has the first one’s, it is repeated.',
    make: groups => ({ draw: null, scores: null, table: settingsTable(groups), empty: null }),
  },
];
