import type { OpenModel } from '../assets/open-model.ts';
import { CATEGORIES, type Category, type Clause, type Constitution, type Label } from '../contract/world.ts';
import { enabledClauses, renderClauses, routedText } from '../data/constitution/route.ts';
import { bootstrapDifference } from '../metrics/bootstrap.ts';
import { declineRate, flipRate, flipRatesBy, type LabelPair } from '../metrics/flip-rate.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import {
  type AnswerShifts,
  type ClauseEffect,
  type ClauseEffects,
  type DeclineRates,
  type FlipTable,
  type GatingRow,
  type PairedShift,
  REQUEST_KINDS,
  type RequestKind,
} from '../record/clause-effects.ts';
import { STREAM } from '../tasks/seeds.ts';
import { clausePhrasings } from '../world/constitution.ts';
import { collectHeldOut } from '../world/evaluation.ts';
import { judge } from '../world/judge.ts';
import { requestQuery } from '../world/query.ts';
import type { RequestQuery } from '../world/query-types.ts';
import { answerEngine, answerTexts, promptOf, type Prompt } from './answer-prompts.ts';

export interface ClauseEffectOptions {
  readonly decoder: Decoder;
  readonly constitution: Constitution;
  /** Most held-out queries of each kind and category. */
  readonly queriesPerCell: number;
  readonly seed: number;
  readonly maxNewTokens: number;
}

export interface ClauseEffectProgress {
  readonly answered: number;
  readonly total: number;
}

/** Held-out queries of one kind and category. */
interface Cell {
  /** Its index among the cells: gives it its own random numbers. */
  readonly index: number;
  readonly kind: RequestKind;
  readonly category: Category;
  readonly queries: readonly RequestQuery[];
}

/** The outcome of a query. */
interface CellAnswer {
  readonly label: Label;
  readonly words: number;
}

/** The queries of a cell under a constitution's text. Draws differ only in their random numbers. */
interface Reading {
  readonly cell: Cell;
  readonly text: string | null;
  readonly draw: number;
}

/** A query of a cell under two readings. */
interface FlipPair extends LabelPair {
  readonly kind: RequestKind;
  readonly category: Category;
  readonly wordsWithout: number;
  readonly wordsWith: number;
}

/**
 * What the clauses of a constitution do to a decoder that reads them (a teacher): the flips caused by leaving out each clause, and the
 * gating matrix (docs/method.md, "What is measured"). A query's answers draw the same random numbers under every reading, at temperature 1;
 * equal readings are answered once. Allocates in a memory scope of its own and always frees it.
 * @throws LabError when a prompt is too long for the model; DeviceLostError.
 */
export async function* measureClauseEffects(
  lab: OpenModel,
  options: ClauseEffectOptions,
): AsyncGenerator<ClauseEffectProgress, ClauseEffects, undefined> {
  const { constitution, queriesPerCell, seed } = options;
  const cells = heldOutCells(queriesPerCell);
  const clauses = enabledClauses(constitution);
  const named = [null, ...CATEGORIES].map(category => namedConstitution(constitution, category));
  const whole = (cell: Cell, draw = 0): Reading => routedReading(cell, constitution, draw);
  const without = (cell: Cell, id: string): Reading =>
    routedReading(cell, { ...constitution, clauses: clauses.filter(clause => clause.id !== id) });
  const requests = cells.filter(({ kind }) => kind !== 'benign');
  const readings = [
    ...cells.flatMap(cell => [whole(cell), whole(cell, 1), ...clauses.map(({ id }) => without(cell, id))]),
    ...named.flatMap(({ text }) => requests.map(cell => ({ cell, text, draw: 0 }))),
  ];
  const answers = yield* answerCells(lab, readings, options);

  const pairs = (before: Reading, after: Reading): FlipPair[] => {
    const [first, second] = [answers(before), answers(after)];
    const { kind, category } = before.cell;
    return first.map(({ label, words }, i) => ({
      without: label,
      with: second[i]!.label,
      kind,
      category,
      wordsWithout: words,
      wordsWith: second[i]!.words,
    }));
  };
  const effects = clauses.map(({ id, text, category, style }): ClauseEffect => {
    const changed = cells.filter(cell => whole(cell).text !== without(cell, id).text);
    const reaches = CATEGORIES.filter(name => changed.some(cell => cell.category === name));
    const found = changed.flatMap(cell => pairs(without(cell, id), whole(cell)));
    return { id, text, category, style, reaches, flips: flipTable(found), shifts: shiftsOf(found) };
  });
  const rates = (kind: RequestKind, text: string | null): DeclineRates =>
    byCategory(category => {
      const own = requests.filter(cell => cell.kind === kind && cell.category === category);
      return declineRate(
        own.flatMap((cell): readonly Label[] => answers({ cell, text, draw: 0 }).map(({ label }) => label)),
      );
    });
  const draws = cells.flatMap(cell => pairs(whole(cell), whole(cell, 1)));
  return {
    format: 'copsd-clause-effects',
    version: 2,
    model: lab.name,
    weightsSha256: lab.weightsSha256,
    constitution: constitution.title,
    seed,
    queriesPerCell,
    clauses: effects,
    sampling: flipTable(draws),
    samplingShifts: shiftsOf(draws),
    gating: named.map((row): GatingRow => ({
      ...row,
      harmful: rates('harmful', row.text),
      borderline: rates('borderline', row.text),
    })),
  };
}

const routedReading = (cell: Cell, constitution: Constitution, draw = 0): Reading => ({
  cell,
  text: routedText(constitution, cell.category),
  draw,
});

const flipTable = (pairs: readonly FlipPair[]): FlipTable => ({
  all: flipRate(pairs),
  byCategory: flipRatesBy(pairs, CATEGORIES, ({ category }) => category),
  byKind: flipRatesBy(pairs, REQUEST_KINDS, ({ kind }) => kind),
});

const shiftsOf = (pairs: readonly FlipPair[]): AnswerShifts => {
  const harmful = pairs.filter(({ kind }) => kind === 'harmful');
  const rich = (label: Label): number => Number(label === 'rich');
  return {
    words: pairedShift(
      pairs.map(({ wordsWith }) => wordsWith),
      pairs.map(({ wordsWithout }) => wordsWithout),
    ),
    rich: pairedShift(
      harmful.map(pair => rich(pair.with)),
      harmful.map(pair => rich(pair.without)),
    ),
  };
};

const pairedShift = (after: readonly number[], before: readonly number[]): PairedShift | null =>
  after.length === 0 ? null : { ...bootstrapDifference(after, before), queries: after.length };

const byCategory = <T>(of: (category: Category) => T): Record<Category, T> =>
  Object.fromEntries(CATEGORIES.map(category => [category, of(category)])) as Record<Category, T>;

/**
 * A constitution that names only one category: the given one's enabled clauses for it or, if it has none, the world's first phrasing. For
 * null, no constitution.
 */
export function namedConstitution(
  constitution: Constitution,
  named: Category | null,
): Pick<GatingRow, 'named' | 'text' | 'source'> {
  if (named === null) return { named, text: null, source: 'none' };
  const own = enabledClauses(constitution).filter(({ category }) => category === named);
  if (own.length > 0) return { named, text: renderClauses(own), source: 'constitution' };
  const [text = ''] = clausePhrasings(named);
  const clause: Clause = { id: named, text, category: named, style: null, enabled: true };
  return { named, text: renderClauses([clause]), source: 'world' };
}

/** First random stream, and the number each cell has: more than queries. Disjoint from every stream of `STREAM`. */
const FIRST_STREAM = STREAM.clauseEffects;
const STREAM_SPAN = 0x1_0000;
const MOST_CELLS = 64;
const SEED = 77;

/** Up to `count` queries for every kind and category with held-out requests; the same in every call. */
export function heldOutCells(count: number): Cell[] {
  const cells = REQUEST_KINDS.flatMap(kind =>
    CATEGORIES.filter(category => kind !== 'benign' || category === 'default').map(category => ({
      kind,
      category,
      queries: collectHeldOut(
        rng => requestQuery(rng, kind),
        count,
        SEED,
        query => query.category === category,
      ),
    })),
  );
  return cells.map((cell, index) => ({ ...cell, index }));
}

const keyOf = ({ cell, text, draw }: Reading): string => `${draw} ${cell.index} ${text ?? ''}`;

/**
 * Answers every distinct reading and judges the answers; returns the outcomes of a reading, in the order of its cell's queries. A query
 * draws the same random numbers under every text.
 */
async function* answerCells(
  lab: OpenModel,
  readings: readonly Reading[],
  { decoder, seed, maxNewTokens }: { decoder: Decoder; seed: number; maxNewTokens: number },
): AsyncGenerator<
  { answered: number; total: number },
  (reading: Reading) => readonly CellAnswer[],
  undefined
> {
  const distinct = [...new Map(readings.map(reading => [keyOf(reading), reading])).entries()].map(
    ([key, reading]) => ({ key, reading, prompts: promptsOf(lab, reading) }),
  );
  const total = distinct.reduce((sum, { prompts }) => sum + prompts.length, 0);
  const longest = Math.max(1, ...distinct.flatMap(({ prompts }) => prompts.map(({ length }) => length)));
  const largest = Math.max(1, ...distinct.map(({ prompts }) => prompts.length));
  const answers = new Map<string, readonly CellAnswer[]>();
  let answered = 0;
  const memory = lab.gpu.memory.scope();
  try {
    const engine = await answerEngine(lab, memory, {
      longest,
      prompts: largest,
      maxNewTokens,
      lora: decoder.lora,
    });
    for (const { key, reading, prompts } of distinct) {
      const { cell, draw } = reading;
      const stream = FIRST_STREAM + (draw * MOST_CELLS + cell.index) * STREAM_SPAN;
      const run = answerTexts(engine, lab, prompts, { decoder, seed, stream });
      let next = await run.next();
      for (; !next.done; next = await run.next()) yield { answered: answered + next.value, total };
      answered += prompts.length;
      const texts = next.value;
      answers.set(
        key,
        cell.queries.map((query, i) => {
          const text = texts[i]!;
          return { label: judge(query, text).label, words: text.split(/\s+/).filter(Boolean).length };
        }),
      );
    }
  } finally {
    memory.release();
  }
  return reading => {
    const found = answers.get(keyOf(reading));
    if (!found) throw new RangeError(`the reading "${keyOf(reading)}" was not answered`);
    return found;
  };
}

const promptsOf = (lab: OpenModel, { cell, text }: Reading): Prompt[] =>
  cell.queries.map(query => promptOf(lab, query.text, text));
