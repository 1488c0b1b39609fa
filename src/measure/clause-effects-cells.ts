import { STREAM } from '../tasks/seeds.ts';
import { REQUEST_KINDS, type RequestKind } from '../record/clause-effects.ts';
import { CATEGORIES, type Category, type Label } from '../contract/world.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import { collectHeldOut } from '../world/evaluation.ts';
import { judge } from '../world/judge.ts';
import { requestQuery } from '../world/query.ts';
import type { RequestQuery } from '../world/query-types.ts';
import { answerEngine, answerTexts, promptOf, type Prompt } from './benchmarking-answers.ts';
import type { OpenModel } from '../assets/open-model.ts';

/** Held-out queries of one kind and category. */
export interface Cell {
  /** Its index among the cells: gives it its own random numbers. */
  readonly index: number;
  readonly kind: RequestKind;
  readonly category: Category;
  readonly queries: readonly RequestQuery[];
}

/** The outcome of a query. */
export interface CellAnswer {
  readonly label: Label;
  readonly words: number;
}

/** The queries of a cell under a constitution's text. Draws differ only in their random numbers. */
export interface Reading {
  readonly cell: Cell;
  readonly text: string | null;
  readonly draw: number;
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
export async function* answerCells(
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
