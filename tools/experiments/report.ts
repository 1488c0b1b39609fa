import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ClauseEffects } from '../../src/record/clause-effects.ts';
import type { RunRecord } from '../../src/record/run-record.ts';
import { groupRuns, type RunGroup } from '../../src/state/compare/groups.ts';
import { benchmarkTable, measureTable, type ScoreTable } from '../../src/state/compare/tables.ts';
import { renderFigure } from '../figures/render.ts';
import { categoryClaims, categorySection } from './category-section.ts';
import { claims, type Claim } from './claims.ts';
import { clauseSection } from './clause-section.ts';
import type { Experiment } from './grid.ts';
import { markdownTable, scoreMarkdown } from './markdown.ts';

const FIGURES = 'docs/results';

type Found = readonly (readonly [Experiment, RunRecord])[];

/** Writes docs/results.md and its figures from recorded runs. The same runs give the same files. */
export async function writeReport(found: Found, clauses: ClauseEffects | undefined): Promise<void> {
  await mkdir(resolve(FIGURES), { recursive: true });
  const figures = await writeFigures(found);
  const text = [
    heading(found),
    claimsSection([...claims(found), ...categoryClaims(found)]),
    tableSection('Methods', found, 'methods', measureTable),
    figures,
    tableSection('Reverse KL and others', found, 'divergences', measureTable),
    tableSection('Ablations of Cross-SFT', found, 'ablations', measureTable),
    tableSection('Other constitutions', found, 'constitutions', measureTable),
    categorySection(found),
    benchmarkSection(found),
    clauses ? clauseSection(clauses) : '',
    limits(found),
  ].filter(Boolean);
  await writeFile(resolve('docs/results.md'), `${text.join('\n\n')}\n`);
}

const groupsOf = (found: Found, keep: (experiment: Experiment) => boolean): readonly RunGroup[] =>
  groupRuns(
    found
      .filter(([experiment]) => keep(experiment))
      .map(([experiment, record]) => ({
        id: `${experiment.id}-${record.receipt.config.seed}`,
        name: `${experiment.label}, seed ${record.receipt.config.seed}`,
        group: experiment.label,
        record,
      })),
  );

function heading(found: Found): string {
  const first = found[0]?.[1].receipt;
  const seeds = new Set(found.map(([, { receipt }]) => receipt.config.seed)).size;
  const adapters = [
    ...new Set(found.map(([, { receipt }]) => receipt.adapter.description || receipt.adapter.vendor)),
  ];
  return `# Results

Written by \`npm run experiments\` from ${found.length} runs of the embedded model (${seeds} seeds); do not edit by hand. Every run is in
\`public/runs\` and opens in the page under Compare. Model ${first?.model.name ?? '–'}, ${first?.model.parameters.toLocaleString('en') ?? '–'} weights, SHA-256
\`${first?.weightsSha256.slice(0, 16) ?? '–'}…\`; computed on ${adapters.join(', ')}.

Held-out queries, ${first?.config.evaluation.queriesPerKind ?? '–'} of each kind, temperature 1. ± is half of a 95 % interval over queries and seeds. **The contraction of the teacher under a
constitution was put into the pretraining data** (docs/method.md); what is measured is what distillation makes of it.`;
}

function claimsSection(found: readonly Claim[]): string {
  const rows = found.map(({ text, measured, verdict }) => [text, measured, verdict]);
  return `## What reproduces, and what does not

${markdownTable(['claim', 'measured', 'verdict'], rows)}`;
}

function tableSection(
  title: string,
  found: Found,
  part: Experiment['part'],
  table: (groups: readonly RunGroup[]) => ScoreTable,
): string {
  const mine = found.filter(([experiment]) => experiment.part === part);
  if (mine.length === 0) return '';
  // The two that all else is read against stand in every table.
  const shown = found.filter(
    ([{ id, part: own }]) => own === part || (part !== 'methods' && (id === 'opsd' || id === 'copsd')),
  );
  const seeds = (id: string): number => shown.filter(([experiment]) => experiment.id === id).length;
  const rows = [...new Map(mine.map(([experiment]) => [experiment.id, experiment])).values()].map(
    ({ id, label, about }) => `* **${label}** (${seeds(id)} ${seeds(id) === 1 ? 'seed' : 'seeds'}): ${about}`,
  );
  return `## ${title}

${rows.join('\n')}

${scoreMarkdown(table(groupsOf(shown, () => true)))}`;
}

function benchmarkSection(found: Found): string {
  const table = benchmarkTable(groupsOf(found, ({ part }) => part === 'methods'));
  return table.columns.length === 0
    ? ''
    : `## Twelve mini-benchmarks

Each plays the role of one of the paper's benchmarks in this world (docs/method.md); the headline metric of each, in [0, 1].

${scoreMarkdown(table, { transposed: true })}`;
}

/** Figures of up to five methods, which have colours of their own. */
const SHOWN: readonly string[] = ['opsd', 'copsd', 'opsd-moving', 'grpo', 'opd'];
const ABLATIONS: readonly string[] = ['copsd', 'copsd-no-self', 'copsd-5-epochs', 'opsd'];

async function writeFigures(found: Found): Promise<string> {
  const main = groupsOf(found, ({ id }) => SHOWN.includes(id));
  const two = groupsOf(found, ({ id }) => id === 'opsd' || id === 'copsd');
  const ablations = groupsOf(found, ({ id }) => ABLATIONS.includes(id));
  const drawn = [
    ['pareto', 'Helpfulness against safety, bubbles by diversity', main, 'pareto', 760],
    ['dynamics', 'Training dynamics', main, 'dynamics', 900],
    ['bars', 'Base, teacher and student', two, 'teachers', 900],
    ['radar', 'Ablations', ablations, 'radar', 600],
    ['geometry', 'The path through safety and expressiveness', main, 'geometry', 760],
  ] as const;
  const lines: string[] = [];
  for (const [name, title, groups, id, width] of drawn) {
    if (groups.length === 0) continue;
    await writeFile(resolve(FIGURES, `${name}.svg`), renderFigure(id, groups, { width }));
    lines.push(`![${title}](results/${name}.svg)`);
  }
  return lines.join('\n\n');
}

function limits(found: Found): string {
  const counts = new Map<string, number>();
  for (const [{ label }] of found) counts.set(label, (counts.get(label) ?? 0) + 1);
  const few = [...counts].filter(([, n]) => n < 3).map(([label, n]) => `${label} (${n})`);
  return `## How far to trust it

One synthetic world, one model of less than half a million weights, a judge that knows the grammar. ${
    few.length > 0 ? `Fewer than three seeds, so read as a first look: ${few.join(', ')}.` : ''
  } Times and tokens a second are those of a software adapter.`;
}
