import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { ClauseEffects, FlipRate, GatingRow, Rate } from '../../src/record/clause-effects.ts';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { describeFault } from '../../src/contract/errors.ts';
import { CATEGORIES } from '../../src/contract/world.ts';
import { measureClauseEffects } from '../../src/measure/clause-effects.ts';
import { describeFailure } from '../../src/service/failures.ts';
import { formatTable } from '../bench/table.ts';
import { measuredDecoder } from './benchmarks-model.ts';
import { countOption, positiveOption } from './benchmarks-options.ts';
import { readConstitution } from '../lab/lab-options.ts';
import { openModelHere } from '../node/open-model.ts';
import { bar, duration, statusLine } from '../node/progress.ts';

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

const OPTIONS = {
  model: { type: 'string', default: DEFAULT_CONFIG.model },
  weights: { type: 'string' },
  alpha: { type: 'string' },
  constitution: { type: 'string' },
  queries: { type: 'string', default: '16' },
  seed: { type: 'string', default: '1' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export async function main(args: readonly string[]): Promise<void> {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    if (values.help) {
      console.log(USAGE);
      return;
    }
    const effects = await run(values);
    console.log(effectsText(effects));
    if (!values.json) return;
    await writeFile(values.json, `${JSON.stringify(effects, null, 2)}\n`);
    console.log(`\nwrote ${values.json}`);
  } catch (error) {
    console.error(describeFault(describeFailure(error)));
    process.exitCode = 1;
  }
}

type Values = Readonly<Partial<Record<Exclude<keyof typeof OPTIONS, 'help'>, string>>>;

async function run(values: Values): Promise<ClauseEffects> {
  const constitution = values.constitution
    ? await readConstitution(values.constitution)
    : DEFAULT_CONFIG.constitution;
  const { model = DEFAULT_CONFIG.model, weights } = values;
  const queriesPerCell = countOption('queries', values.queries) ?? 16;
  const seed = countOption('seed', values.seed) ?? 1;
  const alpha = positiveOption('alpha', values.alpha);
  const lab = await openModelHere(model);
  const decoder = await measuredDecoder(lab, weights, alpha);
  const began = performance.now();
  const measuring = measureClauseEffects(lab, {
    decoder,
    constitution,
    queriesPerCell,
    seed,
    maxNewTokens: DEFAULT_CONFIG.maxNewTokens,
  });
  let next = await measuring.next();
  for (; !next.done; next = await measuring.next()) {
    const { answered, total } = next.value;
    const left = ((performance.now() - began) / 1000) * (total / answered - 1);
    statusLine(`${bar(answered / total)} ${answered}/${total}  ${duration(left)} left`);
  }
  statusLine('');
  lab.gpu.destroy();
  return next.value;
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
