import type { RunConfig } from '../../settings/run-config.ts';
import { gpuAdapterName, formatBytes, formatNumber } from '../../contract/format.ts';
import { FIELDS, liveEntries } from '../../settings/fields.ts';
import { objectiveLabel } from '../../settings/objectives.ts';
import type { ReceiptDocument } from './receipt-document.ts';
import { recipeLabel } from '../../settings/recipes.ts';

/** Escapes user text: nothing in it is read as Markdown or HTML, and invisible characters are dropped. */
const plain = (raw: string): string =>
  raw
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{C}/gu, '')
    .replaceAll(/[\\`*_{}[\]<>#|~!&]/g, '\\$&')
    .trim();

const code = (raw: string): string => `\`${raw.replaceAll(/[`\p{C}]/gu, '')}\``;

type Row = readonly [name: string, ...cells: readonly string[]];

function table(head: Row, rows: readonly Row[], numbers = false): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (numbers && i > 0 ? '---:' : '---'))), ...rows.map(line)].join(
    '\n',
  );
}

type Figure = ReceiptDocument['measures'][number]['base'];

/** What rounding leaves of a zero is one. */
const number = (value: number): string => formatNumber(Math.abs(value) < 1e-9 ? 0 : value);

const figure = (found: Figure): string => {
  if (!found) return '–';
  const mean = number(found.mean);
  if (!found.interval) return mean;
  const [low, high] = found.interval;
  return `${mean} (${number(low)}–${number(high)})`;
};

const LABELS = new Map(FIELDS.map(({ path, words }) => [path, words.label]));

/** Every setting by its dotted path; the constitution has a section of its own. */
function settingsOf(value: unknown, path: string): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, nested]) =>
      path === '' && key === 'constitution' ? [] : settingsOf(nested, path === '' ? key : `${path}.${key}`),
    );
  if (Array.isArray(value)) return [[path, value.join(' ') || 'none']];
  return [[path, value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)]];
}

function constitutionLines({ constitution }: RunConfig): readonly string[] {
  return constitution.clauses.map(
    ({ text, enabled }, i) => `${i + 1}. ${plain(text)}${enabled ? '' : ' (switched off)'}`,
  );
}

/** A receipt as a document to read and to print. */
export function receiptMarkdown(receipt: ReceiptDocument): string {
  const { config, steps, repeat, model } = receipt;
  const facts: readonly Row[] = [
    ['Run began', plain(receipt.startedAt)],
    ['Receipt written', receipt.writtenAt],
    ['Lab', `${plain(receipt.lab)}${receipt.revision ? `, revision ${plain(receipt.revision)}` : ''}`],
    [
      'Model',
      `${plain(model.name)}, ${formatNumber(model.parameters)} weights, ${formatNumber(model.trainable)} of them trained`,
    ],
    ['Seed', String(receipt.seed)],
    ['Steps', `${steps.done} of ${steps.planned}`],
    ['GPU', plain(gpuAdapterName(receipt.gpu)) || '–'],
    ['GPU memory at most', formatBytes(receipt.peakGpuBytes)],
    ['Runtime', plain(receipt.runtime)],
    ['SHA-256 of the settings', code(receipt.sha256.config)],
    ['SHA-256 of the constitution', code(receipt.sha256.constitution)],
    ['SHA-256 of the base weights', code(receipt.sha256.weights)],
    ...(receipt.sha256.prompts ? [['SHA-256 of the prompts', code(receipt.sha256.prompts)] as const] : []),
  ];
  const measured: readonly Row[] = receipt.measures.map(({ label, unit, base, student, teacher }) => [
    `${label} (${unit})`,
    ...[base, student, teacher].map(figure),
  ]);
  const changes = receipt.liveChanges.map(change => {
    const changed = liveEntries(change).map(
      ([{ words }, value]) => `${words.label.toLowerCase()} ${formatNumber(value)}`,
    );
    return `- from step ${change.step}: ${changed.join(', ')}`;
  });
  const exceptions = repeat.exceptions.map(exception => `- ${plain(exception)}`);
  const sections: readonly (readonly string[])[] = [
    [
      `# ${plain(recipeLabel(config.recipe))}, ${plain(objectiveLabel(config.objective))}, seed ${receipt.seed}`,
    ],
    [
      'Receipt of a run of COPSD Lab.',
      ...(receipt.fault ? [`The run ended early: ${plain(receipt.fault)}.`] : []),
    ],
    [table(['What', 'Value'], facts)],
    ['## Figures'],
    [
      receipt.measuredAtStep === null
        ? 'The student was not evaluated after training.'
        : `Held-out queries: ${receipt.queries}; the student as of step ${receipt.measuredAtStep}. In brackets the 95 % interval over the queries of this one run.`,
    ],
    [table(['Measure', 'Base', 'Student', 'Teacher'], measured, true)],
    ['## How to repeat it'],
    ['With this receipt’s `receipt.json` in a checkout of the lab:', '', '```sh', repeat.command, '```'],
    [
      repeat.link
        ? `Or open the page with these settings:\n\n<${repeat.link}>`
        : 'No link can hold these settings.',
    ],
    [
      'A run repeats to the bit on the same adapter and build; elsewhere 32-bit arithmetic rounds differently.',
    ],
    ...(exceptions.length > 0 ? [['Not repeated by these:'], exceptions] : []),
    ['## Changes while it ran'],
    changes.length > 0 ? changes : ['None.'],
    [`## Constitution: ${plain(config.constitution.title) || 'untitled'}`],
    constitutionLines(config).length > 0 ? constitutionLines(config) : ['No clauses.'],
    ['## Settings'],
    [
      table(
        ['Setting', 'Path', 'Value'],
        settingsOf(config, '').map(([path, text]) => [
          plain(LABELS.get(path) ?? ''),
          code(path),
          plain(text),
        ]),
      ),
    ],
  ];
  return `${sections.map(lines => lines.join('\n')).join('\n\n')}\n`;
}
