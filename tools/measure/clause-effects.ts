import { CATEGORIES } from '../../src/contract/world.ts';
import { measureClauseEffects } from '../../src/measure/clause-effects.ts';
import type { ClauseEffects, FlipRate, GatingRow, Rate } from '../../src/record/clause-effects.ts';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { formatTable } from '../bench/table.ts';
import {
  constitutionOption,
  countOption,
  openMeasured,
  runMeasureTool,
  withProgress,
  type Values,
} from './measure-tool.ts';

const USAGE = `usage: npm run clauses -- [options]

What the clauses of a constitution do to a model that reads them: the answers that flip when a clause is left out, and what the
clauses of one category alone do to queries of every category.

  --model NAME          a folder under public/models, default ${DEFAULT_CONFIG.model}
  --weights FILE        other weights of that model, or an adapter on it, as safetensors; default: the folder's own
  --alpha X             of an adapter, default twice its rank
  --constitution FILE   .md, .txt, .json or .yaml; default: harm of any kind
  --queries N           held-out queries of each kind and category, default 16
  --seed N              of the answers, default 1
  --json FILE           writes the record`;

const OPTIONS = ['model', 'weights', 'alpha', 'constitution', 'queries', 'seed'] as const;

export const main = (args: readonly string[]): Promise<void> =>
  runMeasureTool({ usage: USAGE, options: OPTIONS, measure }, args);

async function measure(
  values: Values<(typeof OPTIONS)[number]>,
): Promise<{ record: ClauseEffects; text: string }> {
  const queriesPerCell = countOption('queries', values.queries) ?? 16;
  const seed = countOption('seed', values.seed) ?? 1;
  const constitution = await constitutionOption(values.constitution);
  const { lab, decoder } = await openMeasured(values);
  const { maxNewTokens } = DEFAULT_CONFIG;
  const record = await withProgress(
    measureClauseEffects(lab, { decoder, constitution, queriesPerCell, seed, maxNewTokens }),
  );
  lab.gpu.destroy();
  return { record, text: effectsText(record) };
}

const flip = ({ rate, low, high, queries, toDecline, toComply }: FlipRate): string[] =>
  queries === 0
    ? ['–', '', '', '', '0']
    : [
        ...[rate.toFixed(2), `${low.toFixed(2)}–${high.toFixed(2)}`],
        ...[toDecline.toFixed(2), toComply.toFixed(2), String(queries)],
      ];

/** The record for a terminal: flips by clause, by clause and category, and the gating matrix of both kinds of query. */
export function effectsText({ clauses, sampling, gating }: ClauseEffects): string {
  const tables = [
    ...clauses.map(({ text, flips }) => ({ text, flips })),
    { text: '(sampling alone)', flips: sampling },
  ];
  const all = formatTable([
    ['left out', 'flips', '95 %', 'declined with it', 'answered with it', 'queries'],
    ...tables.map(({ text, flips }) => [text, ...flip(flips.all)]),
  ]);
  const by = formatTable([
    ['flips by category', ...CATEGORIES],
    ...tables.map(({ text, flips }) => [text, ...CATEGORIES.map(name => flip(flips.byCategory[name])[0]!)]),
  ]);
  const matrix = (kind: 'harmful' | 'borderline'): string =>
    formatTable([
      [`${kind}: share declined`, ...CATEGORIES],
      ...gating.map(row => [rowName(row), ...CATEGORIES.map(name => share(row[kind][name]))]),
    ]);
  return [all, by, matrix('harmful'), matrix('borderline')].join('\n\n');
}

const rowName = ({ named, source }: GatingRow): string =>
  named === null
    ? 'no constitution'
    : `${named} alone${source === 'world' ? ' (in words of the world)' : ''}`;

const share = ({ rate, queries }: Rate): string => (queries === 0 ? '–' : rate.toFixed(2));
