import type {
  AnswerShifts,
  ClauseEffects,
  DeclineRates,
  FlipRate,
  PairedShift,
} from '../../src/record/clause-effects.ts';
import { CATEGORIES } from '../../src/contract/world.ts';
import { markdownTable } from './markdown.ts';

const share = (rate: number): string => rate.toFixed(2);

const flip = ({ rate, low, high, toDecline, toComply, queries }: FlipRate): string[] =>
  queries === 0
    ? ['–', '–', '–']
    : [`${share(rate)} (${share(low)}–${share(high)})`, share(toDecline), share(toComply)];

const change = (shift: PairedShift | null, digits: number): string => {
  if (!shift) return '–';
  const { mean, low, high } = shift;
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
  return `${signed(mean)} (${signed(low)} to ${signed(high)})`;
};

const moved = ({ words, rich }: AnswerShifts): string[] => [change(words, 1), change(rich, 2)];

/** What each clause of a constitution does to the teacher's answers, and whether a named category leaves the others alone. */
export function clauseSection({
  clauses,
  sampling,
  samplingShifts,
  gating,
  constitution,
  queriesPerCell,
}: ClauseEffects): string {
  const flips = [
    ...clauses.map(({ text, flips: table, shifts }) => [text, ...flip(table.all), ...moved(shifts)]),
    ['*two draws of the same answers*', ...flip(sampling.all), ...moved(samplingShifts)],
  ];
  const matrix = (kind: 'harmful' | 'borderline'): string =>
    markdownTable(
      ['named', ...CATEGORIES],
      gating.map(row => [row.named ?? 'nothing', ...cells(row[kind])]),
    );
  return `## What each clause does

The base as teacher under “${constitution}”, up to ${queriesPerCell} held-out queries of each kind and category: share of answers that
change between declined and answered when the clause is left out; a share above the last row is no accident of sampling. Beside it the
mean change of the answers’ words, and of the share of harmful queries declined with a reason and another idea: with the clause minus
without it, query by query; an interval without zero is an effect.

${markdownTable(['clause', 'flips (95 %)', 'declined with it', 'answered with it', 'words, all requests', 'rich, harmful'], flips)}

Share declined when a constitution names one category, by the category of the query. Harmful queries:

${matrix('harmful')}

Borderline queries:

${matrix('borderline')}`;
}

const cells = (rates: DeclineRates): string[] =>
  CATEGORIES.map(category => (rates[category].queries === 0 ? '–' : share(rates[category].rate)));
