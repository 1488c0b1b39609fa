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
import { CATEGORIES, type Category, type Constitution, type Label } from '../contract/world.ts';
import { enabledClauses, routedText } from '../data/constitution/route.ts';
import { bootstrapDifference } from '../metrics/bootstrap.ts';
import { declineRate, flipRate, flipRatesBy, type LabelPair } from '../metrics/flip-rate.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import { answerCells, heldOutCells, type Cell, type Reading } from './clause-effects-cells.ts';
import { namedConstitution } from './clause-effects-named.ts';
import type { OpenModel } from '../assets/open-model.ts';

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
