import { basesOf, studentsOf, teachersOf, type RunGroup } from './groups.ts';
import { estimate, type Estimate } from './estimates.ts';
import { figuresIn, type EvaluationFigure } from '../../record/evaluation-record.ts';
import type { Table } from '../../record/tables.ts';

export interface BarsPanel {
  readonly measure: EvaluationFigure;
  readonly base: Estimate | null;
  /** In the order of the groups. */
  readonly pairs: readonly { readonly teacher: Estimate | null; readonly student: Estimate | null }[];
}

export interface BarsFigure {
  readonly panels: readonly BarsPanel[];
  readonly labels: readonly string[];
}

/** Teacher against student: the teacher under the constitution, and the trained student without it. */
export function barsFigure(groups: readonly RunGroup[]): BarsFigure {
  const bases = basesOf(groups);
  return {
    labels: groups.map(({ label }) => label),
    panels: figuresIn('bars').map(measure => ({
      measure,
      base: estimate(measure, bases),
      pairs: groups.map(group => ({
        teacher: estimate(measure, teachersOf(group)),
        student: estimate(measure, studentsOf(group)),
      })),
    })),
  };
}

const cells = (value: Estimate | null): (number | null)[] => [
  value?.mean ?? null,
  value?.interval?.[0] ?? null,
  value?.interval?.[1] ?? null,
];

export function barsTable({ panels, labels }: BarsFigure): Table {
  const row = (name: string, of: (panel: BarsPanel) => Estimate | null): (string | number | null)[] => [
    name,
    ...panels.flatMap(panel => cells(of(panel))),
  ];
  return {
    columns: [
      'policy',
      ...panels.flatMap(({ measure: { label } }) => {
        const name = label.toLowerCase();
        return [name, `${name}: 95% low`, `${name}: 95% high`];
      }),
    ],
    rows: [
      row('Base', ({ base }) => base),
      ...labels.flatMap((label, g) => [
        row(`${label}: teacher`, ({ pairs }) => pairs[g]!.teacher),
        row(`${label}: student`, ({ pairs }) => pairs[g]!.student),
      ]),
    ],
  };
}
