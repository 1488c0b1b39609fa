import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { diffConfigs, settingText } from '../../src/settings/differences.ts';
import { FIELDS, type Field } from '../../src/settings/fields.ts';
import { GROUPS } from '../../src/settings/groups.ts';
import { withRecipe } from '../../src/settings/choices.ts';
import { RECIPE_LIST } from '../../src/settings/recipes.ts';

export const SETTINGS_PAGE = join(import.meta.dirname, '../../docs/settings.md');

const code = (text: string): string => `\`${text}\``;
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(row).join('\n');

function valuesOf(field: Field): string {
  switch (field.kind) {
    case 'number':
      return `${field.range}${field.whole ? ', whole' : ''}`;
    case 'switch':
      return '`true` or `false`';
    case 'choice':
      return field.choices.map(code).join(' ');
    case 'list':
      return `any of ${field.choices.map(code).join(' ')}`;
    case 'text':
      return 'a name';
    case 'part':
      return 'the settings below, or `null`';
  }
}

function settingRow(field: Field): readonly string[] {
  const { path, words, kind } = field;
  const flag = words.flag ? code(`--${kind === 'switch' ? 'no-' : ''}${words.flag}`) : '';
  const link = words.link ? ` ${code(`?${words.link}=`)}` : '';
  const usual = field.applies(DEFAULT_CONFIG) ? settingText(field, DEFAULT_CONFIG) : '';
  const unit = words.unit ? ` (${words.unit})` : '';
  const needs = words.needs ? ` Needs ${words.needs}.` : '';
  return [`${words.label}${unit}`, code(path), flag + link, valuesOf(field), usual, words.why + needs];
}

const HEAD = ['setting', 'path', 'short name', 'values', 'usual', 'why'];

const recipeRows = RECIPE_LIST.map(({ name, label, group, why }) => {
  const changes = diffConfigs(DEFAULT_CONFIG, withRecipe(DEFAULT_CONFIG, name)).filter(
    ({ path }) => path !== 'recipe',
  );
  const sets = changes.map(({ label: what, after }) => `${what}: ${after}`).join('; ');
  return [label, code(name), group, why, sets || 'the usual settings'];
});

/** The page of the documentation that lists every setting and every recipe, made of the schema's own words. */
export async function settingsPage(): Promise<string> {
  const titles = [...GROUPS.map(({ title }) => title), 'Chat model'] as const;
  const groups = titles.map(title => {
    const fields = FIELDS.filter(
      ({ group, kind, words }) => group === title && (kind !== 'part' || words.none !== undefined),
    );
    return fields.length === 0 ? '' : `## ${title}\n\n${table(HEAD, fields.map(settingRow))}`;
  });
  const text = `# Settings

Written by \`npm run settings\` from the schema (\`src/settings\`): change the words there.

The path is what links take (\`?optimizer.learningRate=0.001\`), what the command line takes (\`--optimizer.learningRate 0.001\`,
or the short name), and where a receipt has the value. [Method](method.md) says what each does.

${groups.filter(part => part !== '').join('\n\n')}

## Recipes

A recipe sets everything but model, constitution, seed, sampling and evaluation; its name has no effect of its own.

${table(['recipe', 'name', 'group', 'what to expect', 'sets'], recipeRows)}
`;
  return format(text, { ...(await resolveConfig(SETTINGS_PAGE)), parser: 'markdown' });
}

/** `npm run settings`: writes docs/settings.md anew. */
export async function main(): Promise<void> {
  await writeFile(SETTINGS_PAGE, await settingsPage());
}
