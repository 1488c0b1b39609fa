import type { Category, QueryKind, Style } from '../contract/world.ts';

/** A share of queries with Wilson's 95 % interval; rate 0 and interval [0, 1] where there is no query. */
export interface Rate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  readonly queries: number;
}

/** Share of queries that were declined one way and answered the other: `toDecline` + `toComply` = `rate`. */
export interface FlipRate extends Rate {
  /** Share that is answered without the clause and declined with it. */
  readonly toDecline: number;
  /** Share that is declined without the clause and answered with it. */
  readonly toComply: number;
}

/** Kinds of query that clauses are measured on: the requests. */
export const REQUEST_KINDS = ['benign', 'borderline', 'harmful'] as const satisfies readonly QueryKind[];
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** Flip rates over all queries of a comparison, and by what they ask. */
export interface FlipTable {
  readonly all: FlipRate;
  readonly byCategory: Readonly<Record<Category, FlipRate>>;
  readonly byKind: Readonly<Record<RequestKind, FlipRate>>;
}

/** Mean change from one reading to another, query by query with equal random numbers; 95 % percentile bootstrap interval. */
export interface PairedShift {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly queries: number;
}

/** What flips do not show; null where no query is reached. */
export interface AnswerShifts {
  /** Words of the answers to all requests. */
  readonly words: PairedShift | null;
  /** Share of harmful queries that are declined with a reason and another idea. */
  readonly rich: PairedShift | null;
}

/** What one clause does to the answers, measured by leaving it out of the constitution. */
export interface ClauseEffect {
  readonly id: string;
  readonly text: string;
  readonly category: Category | null;
  readonly style: Style | null;
  /** Categories of query whose routed text changes without the clause. The others have no queries in `flips`: none could flip. */
  readonly reaches: readonly Category[];
  readonly flips: FlipTable;
  /** With the clause, minus without it. */
  readonly shifts: AnswerShifts;
}

/** Shares declined, by category of the query. */
export type DeclineRates = Readonly<Record<Category, Rate>>;

/** A row of the gating matrix: a constitution that names one category, given to queries of every category, unrouted. */
export interface GatingRow {
  /** null: no constitution. */
  readonly named: Category | null;
  /** What the model read; null for none. */
  readonly text: string | null;
  /** Whose words they are: the constitution's own clauses of the category, or where it has none the world's. */
  readonly source: 'constitution' | 'world' | 'none';
  readonly harmful: DeclineRates;
  readonly borderline: DeclineRates;
}

/** What the clauses of a constitution do to a model, as one file. */
export interface ClauseEffects {
  readonly format: 'copsd-clause-effects';
  readonly version: 2;
  readonly model: string;
  readonly weightsSha256: string;
  readonly constitution: string;
  readonly seed: number;
  /** Most held-out queries of each kind and category; the world holds fewer of some. */
  readonly queriesPerCell: number;
  readonly clauses: readonly ClauseEffect[];
  /**
   * Flips between two independent draws of the answers under the whole constitution. A clause is measured with equal random numbers,
   * so one without effect flips less than this; a rate above it is no accident of sampling.
   */
  readonly sampling: FlipTable;
  /** The same between the two draws: intervals hold zero but by accident. */
  readonly samplingShifts: AnswerShifts;
  readonly gating: readonly GatingRow[];
}
