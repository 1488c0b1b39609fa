import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { LabError } from '../../src/contract/errors.ts';
import { EXPORT_KINDS, type ExportKind } from '../../src/protocol/export-formats.ts';
import { importConstitution } from '../../src/data/constitution/import-constitution.ts';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { settingText } from '../../src/settings/differences.ts';
import { fieldFor, SETTABLE, withText, type SettableField } from '../../src/settings/fields.ts';
import { isPolicyGradient, OBJECTIVES } from '../../src/settings/objectives.ts';
import { checkedConfig } from '../../src/settings/problems.ts';
import { withRecipe } from '../../src/settings/choices.ts';
import { LORA_LEARNING_RATE, loraOfRank, RECIPES } from '../../src/settings/recipes.ts';
import type { RunConfig } from '../../src/settings/run-config.ts';
import { TEACHER_KINDS } from '../../src/settings/teacher-kinds.ts';

/** More held-out queries than the page asks: nobody waits before a screen. */
const DEFAULTS: RunConfig = {
  ...DEFAULT_CONFIG,
  evaluation: { ...DEFAULT_CONFIG.evaluation, queriesPerKind: 96 },
};

const kinds = (list: readonly { readonly kind: string }[]): string => list.map(({ kind }) => kind).join(' ');

/** `ema:DECAY` for a kind with a field of its own. */
const teacherForm = ({ kind, schema }: (typeof TEACHER_KINDS)[number]): string =>
  [kind, ...Object.keys(schema.shape).filter(key => key !== 'kind')]
    .join(':')
    .replace(/:.*/, name => name.toUpperCase());

/** Options that set several settings at once, and what each takes and does. */
const PRESETS = {
  recipe: ['NAME', `sets everything, and what follows changes it: ${RECIPES.join(' ')} (opsd)`],
  divergence: ['KIND', `what is minimised: ${kinds(OBJECTIVES)}`],
  teacher: ['KIND', `who scores, with its own number or model: ${TEACHER_KINDS.map(teacherForm).join(' ')}`],
  lora: ['R', `trains an adapter of rank R, alpha 2R, at a learning rate of ${LORA_LEARNING_RATE}`],
  constitution: ['FILE', '.md, .txt, .json or .yaml; without it harm of any kind'],
} as const;

/** Options that set nothing of a run; these alone may stand beside `--config`. */
const FILES = {
  config: ['FILE', 'takes all settings from a receipt.json, a run or a settings file, as they are'],
  json: [
    'FILE',
    'writes the whole run: receipt, steps, evals, teacher, Cross-SFT, samples, tokens, geometry',
  ],
  'save-teacher': ['FILE', 'writes the calibrated teacher as safetensors'],
  export: ['KIND', `writes the student to take home, as a zip: ${EXPORT_KINDS.join(' ')}`],
} as const;

/** Settings by the names of their options: the path of each, and its flag. Objectives share `--beta`. */
const SETTINGS = new Map<string, SettableField[]>();
for (const field of SETTABLE) {
  const { path, kind, words } = field;
  const flag = words.flag && (kind === 'switch' ? `no-${words.flag}` : words.flag);
  for (const name of new Set([path, flag ?? path]))
    if (!Object.hasOwn(PRESETS, name)) SETTINGS.set(name, [...(SETTINGS.get(name) ?? []), field]);
}

const isFlag = (name: string): boolean => name.startsWith('no-');

const line = (name: string, value: string, about: string): string =>
  `  ${`--${name} ${value}`.padEnd(38)} ${about}`;

function settingLine(field: SettableField): string {
  const { path, kind, words } = field;
  const { label, unit, flag } = words;
  const what = unit ? `${label} (${unit})` : label;
  if (kind === 'switch' && flag) return line(`no-${flag}`, '', `switches off: ${label}`);
  const [value, range] =
    kind === 'number'
      ? [field.whole ? 'N' : 'X', field.range]
      : kind === 'text'
        ? ['NAME', words.why]
        : kind === 'switch'
          ? ['BOOL', 'true or false']
          : [kind === 'list' ? 'A,B' : 'KIND', field.choices.join(' ')];
  const usual = field.applies(DEFAULTS) ? ` (${settingText(field, DEFAULTS)})` : '';
  return line(flag ?? path, value, `${what}: ${range}${usual}`);
}

export const USAGE = `usage: npm run lab -- [options]

Runs the lab's session without a page, in Node through Dawn: on a graphics card, or on a software adapter that it finds by
itself (Mesa's lavapipe, or the SwiftShader of an installed Chromium).

${Object.entries(PRESETS)
  .map(([name, [value, about]]) => line(name, value, about))
  .join('\n')}

Each setting, with its usual value. Where the name is a short one, the path serves as well: --optimizer.learningRate is --lr.

${SETTABLE.filter(({ path }) => !Object.hasOwn(PRESETS, path) && path !== 'objective')
  .map(settingLine)
  .join('\n')}

${Object.entries(FILES)
  .map(([name, [value, about]]) => line(name, value, about))
  .join('\n')}`;

export interface LabOptions {
  readonly config: RunConfig;
  readonly json: string | undefined;
  readonly saveTeacher: string | undefined;
  readonly exported: ExportKind | undefined;
}

/** What was given, by the names of the options. */
type Given = Readonly<Record<string, string | undefined>>;

/** Reads the command line; undefined asks for the usage. @throws LabError `E_CONFIG` on settings that do not fit together. */
export async function readOptions(args: readonly string[]): Promise<LabOptions | undefined> {
  const given = parsed(args);
  if (given['help']) return undefined;
  const { json, export: wanted, 'save-teacher': saveTeacher } = given;
  const config = checkedConfig(
    await (given['config'] ? settingsFile(given['config'], given) : settings(given)),
    CONSEQUENCE,
    NEXT_STEP,
  );
  const exported = EXPORT_KINDS.find(kind => kind === wanted);
  if (wanted && !exported) throw unfit('export', `there is no export called ${wanted}`);
  return { config, json, saveTeacher, exported };
}

function parsed(args: readonly string[]): Given {
  const names = [...Object.keys(PRESETS), ...SETTINGS.keys(), ...Object.keys(FILES), 'help'];
  const options = Object.fromEntries(
    names.map(name => [name, { type: isFlag(name) || name === 'help' ? 'boolean' : 'string' }] as const),
  );
  try {
    const { values } = parseArgs({ args: [...args], options });
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  } catch (error) {
    throw unfit('options', error instanceof Error ? error.message : String(error));
  }
}

async function settings(given: Given): Promise<unknown> {
  const recipe = RECIPES.find(name => name === (given['recipe'] ?? 'opsd'));
  if (!recipe) throw unfit('recipe', `there is no recipe called ${given['recipe']}`);
  let config = withRecipe(DEFAULTS, recipe);
  if (given['divergence']) config = withDivergence(config, given['divergence']);
  if (given['lora']) {
    const optimizer = { ...config.optimizer, learningRate: LORA_LEARNING_RATE };
    config = { ...config, lora: loraOfRank(Number(given['lora'])), optimizer };
  }
  if (given['teacher']) config = withTeacherText(config, given['teacher']);
  if (given['constitution'])
    config = { ...config, constitution: await readConstitution(given['constitution']) };
  for (const [name, fields] of SETTINGS) {
    const text = given[name];
    const field = fieldFor(config, fields);
    if (text !== undefined && field) config = put(config, field, isFlag(name) ? 'false' : text);
  }
  return config;
}

/** Sets one setting by its text. @throws LabError where the settings have none such, or no such choice */
function put(config: RunConfig, field: SettableField, text: string): RunConfig {
  const changed = withText(config, field, text);
  if (typeof changed === 'string') throw unfit(field.path, changed);
  return changed;
}

/** With the objective's usual number, and with answers to compare for a policy gradient where the recipe has none. */
function withDivergence(config: RunConfig, given: string): RunConfig {
  const known = OBJECTIVES.find(({ kind }) => kind === given);
  if (!known) throw unfit('objective.kind', `the divergence is one of ${kinds(OBJECTIVES)}`);
  // Whose answers are imitated is not for a default to say.
  const objective = (
    known.kind === 'supervised' ? { kind: known.kind } : known.usual
  ) as RunConfig['objective'];
  const groups = isPolicyGradient(objective) && config.rolloutsPerQuery === 1;
  return { ...config, objective, ...(groups && { queries: 4, rolloutsPerQuery: 4 }) };
}

/** `KIND`, or `KIND:VALUE` with the kind's own number or model; a missing value is left for the schema to name. */
function withTeacherText(config: RunConfig, given: string): RunConfig {
  const [kind = '', ...rest] = given.split(':');
  const value = rest.join(':');
  const teacher = { ...config, teacher: { kind } as RunConfig['teacher'] };
  const own = SETTABLE.find(({ path, exists }) => path.startsWith('teacher.') && exists(teacher));
  return own && value !== '' ? put(teacher, own, value) : teacher;
}

/** The settings in a receipt, in a run, or by themselves. */
async function settingsFile(path: string, given: Given): Promise<unknown> {
  const other = Object.keys(given).find(name => !Object.hasOwn(FILES, name));
  if (other)
    throw unfit('config', `--config takes all settings from its file; --${other} has no place beside it`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw unfit(
      'config',
      `${path} could not be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const fields = (of: unknown): { readonly receipt?: unknown; readonly config?: unknown } =>
    typeof of === 'object' && of !== null ? of : {};
  return fields(fields(value).receipt).config ?? fields(value).config ?? value;
}

/** @throws LabError with the constitution's own fault. */
export async function readConstitution(path: string): Promise<RunConfig['constitution']> {
  const { constitution } = importConstitution({
    name: basename(path),
    bytes: new Uint8Array(await readFile(path)),
  });
  return { ...constitution, clauses: [...constitution.clauses] };
}

const CONSEQUENCE = 'Nothing was run.';
const NEXT_STEP = 'See npm run lab -- --help.';

const unfit = (place: string, message: string): LabError =>
  new LabError({ code: 'E_CONFIG', message, place, consequence: CONSEQUENCE, nextStep: NEXT_STEP });
