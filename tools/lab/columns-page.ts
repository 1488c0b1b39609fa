import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { EVALUATION_FIGURES, type EvaluationFigure } from '../../src/record/evaluation-record.ts';
import { STEP_COLUMNS } from '../../src/record/step-record.ts';
import { markdownTable } from '../experiments/markdown.ts';

export const COLUMNS_PAGE = join(import.meta.dirname, '../../docs/columns.md');

const INTERVALS = { share: 'Wilson’s of a share', mean: 'x̄ ± z s / √n' } as const;
const BETTER = { high: 'more', low: 'less', base: 'as the base' } as const;

const kindsOf = ({ kinds }: EvaluationFigure): string => (kinds.length === 4 ? 'all' : kinds.join(', '));

/** The page of the documentation that lists every figure of a step and of an evaluation, made of the tables’ own words. */
export async function columnsPage(): Promise<string> {
  const steps = STEP_COLUMNS.map(({ metric, unit, over, plot }) => [
    `\`${metric}\``,
    unit,
    over ?? '–',
    plot?.chart.title ?? '',
  ]);
  const evaluations = EVALUATION_FIGURES.map(figure => [
    figure.label,
    figure.csv ? `\`${figure.csv}\`` : '',
    figure.unit,
    figure.over,
    kindsOf(figure),
    figure.spread ? INTERVALS[figure.spread] : '–',
    BETTER[figure.better],
    figure.plot?.chart.title ?? '',
  ]);
  const text = `# Figures

Written by \`npm run columns\` from the tables of figures (\`src/record/step-record.ts\`, \`src/record/evaluation-record.ts\`): change the
words there. A figure that does not exist is \`null\` in a run's JSON and an empty cell in a CSV, never zero: a kind without queries
has none, and what is a mean over kinds leaves it out. [Method](method.md) has the formulas.

## Of a step

One row of \`steps.csv\` an optimiser step. Figures of a kind are those of its rollouts.

${markdownTable(['column', 'unit', 'mean over', 'chart'], steps)}

## Of an evaluation

One row of \`evaluations.csv\` an evaluation; the teacher's is the last. Intervals cover 95 %, over the queries of the figure's own kinds.

${markdownTable(['figure', 'column', 'unit', 'mean over', 'kinds', 'interval', 'better', 'chart'], evaluations)}
`;
  return format(text, { ...(await resolveConfig(COLUMNS_PAGE)), parser: 'markdown' });
}

/** `npm run columns`: writes docs/columns.md anew. */
export async function main(): Promise<void> {
  await writeFile(COLUMNS_PAGE, await columnsPage());
}
