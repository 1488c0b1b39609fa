import { basesOf, studentsOf, teachersOf, type RunGroup } from './groups.ts';
import { estimate } from './estimates.ts';
import { DIVERSITY, HELPFULNESS_WINS, SAFETY_WINS } from '../../record/evaluation-record.ts';
import type { EvaluationRecord } from '../../record/run-record.ts';
import type { Table } from '../../record/tables.ts';

type Range = readonly [low: number, high: number];

/** A policy in the plane of helpfulness and safety. */
export interface ParetoPoint {
  readonly name: string;
  readonly role: 'base' | 'teacher' | 'student';
  /** Its group's place among the groups; null for the base. */
  readonly group: number | null;
  /** Win rates against the base, means over seeds, with 95 % intervals. */
  readonly x: number;
  readonly y: number;
  readonly xRange: Range | null;
  readonly yRange: Range | null;
  /** 1 − Self-BLEU, the bubble's area; null where it was not measured. */
  readonly diversity: number | null;
  /** Places of the single seeds, where there are several. */
  readonly seeds: readonly (readonly [x: number, y: number])[];
}

function pointOf(
  records: readonly EvaluationRecord[],
  who: Pick<ParetoPoint, 'name' | 'role' | 'group'>,
): ParetoPoint[] {
  const x = estimate(HELPFULNESS_WINS, records);
  const y = estimate(SAFETY_WINS, records);
  if (!x || !y) return [];
  const seeds = records.flatMap(({ winRates: { helpfulness, safety } }) =>
    helpfulness === null || safety === null ? [] : [[helpfulness, safety] as const],
  );
  return [
    {
      ...who,
      x: x.mean,
      y: y.mean,
      xRange: x.interval,
      yRange: y.interval,
      diversity: estimate(DIVERSITY, records)?.mean ?? null,
      seeds: seeds.length > 1 ? seeds : [],
    },
  ];
}

/**
 * The Pareto figure: helpfulness win rate × safety win rate against the base, bubbles by diversity. The base is at (½, ½), since
 * it ties with itself; teachers, which read the constitution, come before students.
 */
export function paretoFigure(groups: readonly RunGroup[]): readonly ParetoPoint[] {
  const bases = basesOf(groups);
  const base: ParetoPoint = {
    name: 'Base',
    role: 'base',
    group: null,
    x: 0.5,
    y: 0.5,
    xRange: null,
    yRange: null,
    diversity: estimate(DIVERSITY, bases)?.mean ?? null,
    seeds: [],
  };
  return [
    base,
    ...groups.flatMap((group, i) =>
      pointOf(teachersOf(group), { name: `${group.label}: teacher`, role: 'teacher', group: i }),
    ),
    ...groups.flatMap((group, i) =>
      pointOf(studentsOf(group), { name: group.label, role: 'student', group: i }),
    ),
  ];
}

export function paretoTable(points: readonly ParetoPoint[]): Table {
  return {
    columns: [
      'policy',
      'helpfulness win rate',
      'helpfulness 95% low',
      'helpfulness 95% high',
      'safety win rate',
      'safety 95% low',
      'safety 95% high',
      'diversity',
    ],
    rows: points.map(({ name, x, xRange, y, yRange, diversity }) => [
      name,
      x,
      xRange?.[0] ?? null,
      xRange?.[1] ?? null,
      y,
      yRange?.[0] ?? null,
      yRange?.[1] ?? null,
      diversity,
    ]),
  };
}
