import type { MetricSummary } from '../../record/benchmark-report.ts';
import { baseOf, basesOf, studentOf, studentsOf, type RunGroup } from './groups.ts';
import { estimate, fall, halfWidth, seedError, type Estimate } from './estimates.ts';
import { figuresIn, GENERAL, type EvaluationFigure } from '../../record/evaluation-record.ts';
import type { Table } from '../../record/tables.ts';

export interface ScoreCell {
  readonly mean: number;
  /** Half the width of the 95 % interval. */
  readonly half: number | null;
  /** The best of its column, ties included; no base takes part where staying at the base is the aim. */
  readonly best: boolean;
}

export interface ScoreColumn {
  readonly id: string;
  readonly label: string;
  /** What it is and which way is good, for a second line of the heading. */
  readonly detail: string;
  readonly digits: number;
}

/** Policies × figures: the base first, then the groups in their order. */
export interface ScoreTable {
  readonly columns: readonly ScoreColumn[];
  readonly rows: readonly {
    readonly name: string;
    readonly group: number | null;
    readonly cells: readonly (ScoreCell | null)[];
  }[];
}

type Score = Pick<ScoreCell, 'mean' | 'half'> | null;
type Better = EvaluationFigure['better'];

const score = (value: Estimate | null): Score => value && { mean: value.mean, half: halfWidth(value) };

/** Marks the best of each column, to the digits that are shown. */
function markBest(column: readonly Score[], better: Better, digits: number): (ScoreCell | null)[] {
  const base = column[0]?.mean ?? null;
  const rank = (mean: number): number => {
    const shown = Number(mean.toFixed(digits));
    if (better === 'base') return -Math.abs(shown - Number(base!.toFixed(digits)));
    return better === 'high' ? shown : -shown;
  };
  const takesPart = (row: number): boolean => better !== 'base' || (row > 0 && base !== null);
  const taking = column.filter((cell, row) => cell !== null && takesPart(row));
  const top = Math.max(...taking.map(cell => rank(cell!.mean)));
  return column.map(
    (cell, row) =>
      cell && {
        ...cell,
        best: taking.length > 1 && takesPart(row) && rank(cell.mean) === top,
      },
  );
}

function scoreTable(
  groups: readonly RunGroup[],
  columns: readonly (ScoreColumn & { readonly better: Better; readonly scores: readonly Score[] })[],
): ScoreTable {
  const marked = columns.map(({ scores, better, digits }) => markBest(scores, better, digits));
  return {
    columns: columns.map(({ id, label, detail, digits }) => ({ id, label, detail, digits })),
    rows: ['Base', ...groups.map(({ label }) => label)].map((name, row) => ({
      name,
      group: row === 0 ? null : row - 1,
      cells: marked.map(column => column[row] ?? null),
    })),
  };
}

const DIRECTION: Record<Better, string> = {
  high: 'more is better',
  low: 'less is better',
  base: 'as the base',
};

/** Methods × measures at the end of training, and the safety tax: the base's general accuracy − the run's, paired by seed. */
export function measureTable(groups: readonly RunGroup[]): ScoreTable {
  const bases = basesOf(groups);
  const columns = figuresIn('scores').map(measure => ({
    id: measure.id,
    label: measure.label,
    detail: `${measure.unit}, ${DIRECTION[measure.better]}`,
    better: measure.better,
    digits: measure.digits,
    scores: [estimate(measure, bases), ...groups.map(group => estimate(measure, studentsOf(group)))].map(
      score,
    ),
  }));
  const taxes = groups.map(group =>
    score(
      fall(
        GENERAL,
        group.runs.flatMap(run => {
          const [base, student] = [baseOf(run), studentOf(run)];
          return base && student ? [[base, student] as const] : [];
        }),
      ),
    ),
  );
  const tax = {
    id: 'tax',
    label: 'Safety tax',
    detail: 'base − run on general ability, less is better',
    better: 'low' as const,
    digits: 2,
    scores: [null, ...taxes],
  };
  return scoreTable(groups, [...columns.slice(0, 6), tax, ...columns.slice(6)]);
}

/**
 * One benchmark over seeds. The items are the same for every seed, so their part of the error stays, and the seeds' adds to it:
 * half-width = √(mean h² + z² s² / n), h each seed's half-width, s their standard deviation.
 */
export function overSeeds(summaries: readonly MetricSummary[]): Score {
  const n = summaries.length;
  if (n === 0) return null;
  const means = summaries.map(({ mean }) => mean);
  const items = summaries.reduce((sum, { halfWidth: half }) => sum + half * half, 0) / n;
  return {
    mean: means.reduce((sum, mean) => sum + mean, 0) / n,
    half: Math.hypot(Math.sqrt(items), seedError(means)),
  };
}

/** Methods × mini-benchmarks by their headline metrics; empty columns where no run was asked them. */
export function benchmarkTable(groups: readonly RunGroup[]): ScoreTable {
  const asked = groups.map(({ runs }) => runs.flatMap(({ record }) => record.benchmarks ?? []));
  const all = asked.flat();
  const results = [
    ...new Map(all.flatMap(({ base }) => base.benchmarks).map(result => [result.name, result])).values(),
  ];
  const weights = groups[0]?.runs[0]?.record.receipt.weightsSha256;
  const bases = all.map(({ base }) => base).filter(base => base.weightsSha256 === weights);
  const headline = (reports: readonly (typeof bases)[number][], name: string): Score =>
    overSeeds(
      reports.flatMap(({ benchmarks }) => {
        const found = benchmarks.find(result => result.name === name);
        return found?.metrics[found.headline] ?? [];
      }),
    );
  return scoreTable(
    groups,
    results.map(({ name, role, headline: metric }) => ({
      id: name,
      label: name,
      detail: `${metric}, as ${role}`,
      better: 'high' as const,
      digits: 2,
      // The base's answers do not depend on the seed: one report is as good as all.
      scores: [
        headline(bases.slice(0, 1), name),
        ...asked.map(runs =>
          headline(
            runs.map(({ student }) => student),
            name,
          ),
        ),
      ],
    })),
  );
}

/** A score table as a plain one, for export. */
export function plainScores({ columns, rows }: ScoreTable): Table {
  return {
    columns: [
      'policy',
      ...columns.flatMap(({ label }) => [label.toLowerCase(), `${label.toLowerCase()}: ± 95%`]),
    ],
    rows: rows.map(({ name, cells }) => [
      name,
      ...cells.flatMap(cell => [cell?.mean ?? null, cell?.half ?? null]),
    ]),
  };
}
