import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { LabError } from '../../src/contract/errors.ts';
import { EXPORT_KINDS, type ExportKind } from '../../src/protocol/export-formats.ts';
import { isPolicyGradient, RECIPES, type RecipeName } from '../../src/settings/method-config.ts';
import { LORA_LEARNING_RATE, loraOfRank, withRecipe } from '../../src/settings/recipes.ts';
import { runConfigSchema, type RunConfig } from '../../src/settings/run-config.ts';
import { importConstitution } from '../../src/data/constitution/import-constitution.ts';

export const USAGE = `usage: npm run lab -- [options]

Runs the lab's session without a page, in Node through Dawn: on a graphics card, or on a software adapter that it finds by
itself (Mesa's lavapipe, or the SwiftShader of an installed Chromium). A recipe sets everything; what follows changes it.

  --recipe NAME            ${RECIPES.join(' ')}
  --divergence KIND        reverse-kl forward-kl jsd skew-forward skew-reverse alpha sampled-advantage group-reward
  --beta B                 of jsd (0.5: 0 is forward, 1 reverse KL), λ of skew (0.1), α of alpha (0.5)
  --teacher KIND           frozen calibrated live refreshed:EVERY ema:DECAY external:MODEL
  --top-k K --clip C --skip N   support, largest loss of a token, response tokens left out at the beginning
  --clip-ratio E --anchor K --updates N   of policy gradients
  --epochs N --pairs N --no-self-answers   of Cross-SFT
  --steps N --seed N --lr X
  --temperature T          of the rollouts, default 1
  --queries N --rollouts N queries a step, and rollouts of each
  --lora R                 train an adapter of rank R, alpha 2R
  --constitution FILE      .md, .txt, .json or .yaml; default: harm of any kind
  --every N --eval N       steps between evaluations (10), held-out queries of each kind (96)
  --no-geometry            leaves the geometry out of the evaluations
  --benchmarks N           items of each mini-benchmark at the end (0)
  --inspect N              answers of each kind that are read token by token at each evaluation (1)
  --model NAME             a folder under public/models, default world-s
  --config FILE            takes all settings from a receipt.json, a run or a settings file, as they are
  --json FILE              writes the whole run: receipt, steps, evals, teacher, Cross-SFT, samples, tokens, geometry
  --save-teacher FILE      writes the calibrated teacher as safetensors
  --export KIND            writes the student to take home, as a zip: ${EXPORT_KINDS.join(' ')}`;

const text = { type: 'string' } as const;

const OPTIONS = {
  recipe: text,
  divergence: text,
  beta: text,
  teacher: text,
  'top-k': text,
  clip: text,
  skip: text,
  'clip-ratio': text,
  anchor: text,
  updates: text,
  epochs: text,
  pairs: text,
  steps: text,
  seed: text,
  lr: text,
  temperature: text,
  queries: text,
  rollouts: text,
  lora: text,
  constitution: text,
  every: text,
  eval: text,
  benchmarks: text,
  model: text,
  json: text,
  inspect: text,
  'save-teacher': text,
  config: text,
  export: text,
  'no-self-answers': { type: 'boolean', default: false },
  'no-geometry': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export interface LabOptions {
  readonly config: RunConfig;
  readonly json: string | undefined;
  readonly saveTeacher: string | undefined;
  readonly exported: ExportKind | undefined;
}

/** Reads the command line; undefined asks for the usage. @throws LabError `E_CONFIG` on settings that do not fit together. */
export async function readOptions(args: readonly string[]): Promise<LabOptions | undefined> {
  const values = parsed(args);
  if (values.help) return undefined;
  const config = checked(await (values.config ? settingsFile(values.config, values) : settings(values)));
  const exported = EXPORT_KINDS.find(kind => kind === values.export);
  if (values.export && !exported) throw unfit('export', `there is no export called ${values.export}`);
  return { config, json: values.json, saveTeacher: values['save-teacher'], exported };
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

function parsed(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw unfit('options', error instanceof Error ? error.message : String(error));
  }
}

async function settings(values: Values): Promise<unknown> {
  const recipe = (values.recipe ?? 'opsd') as RecipeName;
  if (!RECIPES.includes(recipe)) throw unfit('recipe', `there is no recipe called ${recipe}`);
  const base = withRecipe(DEFAULT_CONFIG, recipe);
  const number = (given: string | undefined, otherwise: number): number =>
    given === undefined ? otherwise : Number(given);
  const objective = values.divergence ? objectiveOf(values.divergence, values.beta) : base.objective;
  // A policy gradient needs answers to compare; a recipe that has them already keeps its own.
  const grouped =
    isPolicyGradient(objective.kind as RunConfig['objective']['kind']) && base.rolloutsPerQuery === 1;
  const lora = values.lora ? loraOfRank(Number(values.lora)) : base.lora;
  const { optimizer, calibration, shaping, policyGradient, evaluation } = base;
  return {
    ...base,
    objective,
    lora,
    model: values.model ?? base.model,
    teacher: values.teacher ? teacherOf(values.teacher) : base.teacher,
    steps: number(values.steps, base.steps),
    seed: number(values.seed, base.seed),
    temperature: number(values.temperature, base.temperature),
    queries: number(values.queries, grouped ? 4 : base.queries),
    rolloutsPerQuery: number(values.rollouts, grouped ? 4 : base.rolloutsPerQuery),
    optimizer: {
      ...optimizer,
      learningRate: number(values.lr, values.lora ? LORA_LEARNING_RATE : optimizer.learningRate),
    },
    shaping: {
      topK: number(values['top-k'], shaping.topK),
      tokenClip: number(values.clip, shaping.tokenClip),
      skipFirst: number(values.skip, shaping.skipFirst),
    },
    policyGradient: {
      ...policyGradient,
      clipRatio: number(values['clip-ratio'], policyGradient.clipRatio),
      anchor: number(values.anchor, policyGradient.anchor),
      updates: number(values.updates, policyGradient.updates),
    },
    calibration: calibration && {
      ...calibration,
      epochs: number(values.epochs, calibration.epochs),
      pairs: number(values.pairs, calibration.pairs),
      selfAnswers: calibration.selfAnswers && !values['no-self-answers'],
    },
    evaluation: {
      ...evaluation,
      every: number(values.every, evaluation.every),
      queriesPerKind: number(values.eval, 96),
      geometry: evaluation.geometry && !values['no-geometry'],
      benchmarkItems: number(values.benchmarks, evaluation.benchmarkItems),
      inspect: number(values.inspect, evaluation.inspect),
    },
    ...(values.constitution && { constitution: await readConstitution(values.constitution) }),
  };
}

/** What may stand beside `--config`: it says what is written, not what is run. */
const WRITTEN: ReadonlySet<string> = new Set(['config', 'json', 'save-teacher', 'export']);

/** The settings in a receipt, in a run, or by themselves. */
async function settingsFile(path: string, values: Values): Promise<unknown> {
  const other = Object.entries(values).find(([name, value]) => value !== false && !WRITTEN.has(name));
  if (other)
    throw unfit('config', `--config takes all settings from its file; --${other[0]} has no place beside it`);
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

/** A number that was not given keeps the family's usual one. */
function objectiveOf(kind: string, given: string | undefined): { kind: string; [number: string]: unknown } {
  const parameter = given === undefined ? undefined : Number(given);
  if (kind === 'jsd') return { kind, beta: parameter ?? 0.5 };
  if (kind === 'alpha') return { kind, alpha: parameter ?? 0.5 };
  if (kind === 'skew-forward' || kind === 'skew-reverse') return { kind, lambda: parameter ?? 0.1 };
  return { kind };
}

function teacherOf(given: string): { kind: string; [number: string]: unknown } {
  const [kind = '', ...rest] = given.split(':');
  const value = rest.join(':');
  // Number reads nothing as 0, which is a decay.
  const number = value === '' ? undefined : Number(value);
  if (kind === 'refreshed') return { kind, every: number };
  if (kind === 'ema') return { kind, decay: number };
  if (kind === 'external') return { kind, model: value };
  return { kind };
}

/** @throws LabError with the constitution's own fault. */
export async function readConstitution(path: string): Promise<RunConfig['constitution']> {
  const { constitution } = importConstitution({
    name: basename(path),
    bytes: new Uint8Array(await readFile(path)),
  });
  return { ...constitution, clauses: [...constitution.clauses] };
}

function checked(config: unknown): RunConfig {
  const result = runConfigSchema.safeParse(config);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw unfit(
    issue?.path.join('.') ?? 'options',
    issue?.message ?? 'the options do not make a configuration',
  );
}

const unfit = (place: string, message: string): LabError =>
  new LabError({
    code: 'E_CONFIG',
    message,
    place,
    consequence: 'Nothing was run.',
    nextStep: 'See npm run lab -- --help.',
  });
