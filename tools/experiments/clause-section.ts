import type { ClauseEffects, DeclineRates, FlipRate } from '../../src/contract/clause-effects.ts';
import { CATEGORIES } from '../../src/contract/world.ts';
import { markdownTable } from './markdown.ts';

const share = (rate: number): string => rate.toFixed(2);

const flip = ({ rate, low, high, toDecline, toComply, queries }: FlipRate): string[] =>
  queries === 0
    ? ['–', '–', '–']
    : [`${share(rate)} (${share(low)}–${share(high)})`, share(toDecline), share(toComply)];

/** What each clause of a constitution does to the teacher's answers, and whether a named category leaves the others alone. */
export function clauseSection({
  clauses,
  sampling,
  gating,
  constitution,
  queriesPerCell,
}: ClauseEffects): string {
  const flips = [
    ...clauses.map(({ text, flips: table }) => [text, ...flip(table.all)]),
    ['*two draws of the same answers*', ...flip(sampling.all)],
  ];
  const matrix = (kind: 'harmful' | 'borderline'): string =>
    markdownTable(
      ['named', ...CATEGORIES],
      gating.map(row => [row.named ?? 'nothing', ...cells(row[kind])]),
    );
  return `## What each clause does

The base as teacher under “${constitution}”, up to ${queriesPerCell} held-out queries of each kind and category: share of answers that
change between declined and answered when the clause is left out. A share above the last row is no accident of sampling.

${markdownTable(['clause', 'flips (95 %)', 'declined with it', 'answered with it'], flips)}

Share declined when a constitution names one category, by the category of the query. Harmful queries:

${matrix('harmful')}

Borderline queries:

${matrix('borderline')}`;
}

const cells = (rates: DeclineRates): string[] =>
  CATEGORIES.map(category => (rates[category].queries === 0 ? '–' : share(rates[category].rate)));
