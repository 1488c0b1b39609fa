import { DEFAULT_CONFIG } from './default-config.ts';
import type { CalibrationConfig, RecipeName } from './method-config.ts';
import { LORA_TARGETS, type RunConfig } from './run-config.ts';

/** The model of the embedded world that writes safety answers and teaches OPD. */
export const FRONTIER_MODEL = 'world-f';

/** Cross-SFT as it is known to work on the embedded model. */
export const DEFAULT_CALIBRATION: CalibrationConfig = {
  pairs: 960,
  harmfulShare: 0.4,
  generalShare: 0.15,
  selfAnswers: true,
  frontier: FRONTIER_MODEL,
  epochs: 2,
  batch: 16,
  learningRate: 1e-3,
  review: false,
};

type Preset = Partial<
  Pick<
    RunConfig,
    | 'objective'
    | 'teacher'
    | 'teacherContext'
    | 'calibration'
    | 'policyGradient'
    | 'steps'
    | 'queries'
    | 'rolloutsPerQuery'
    | 'mix'
  >
> & { readonly learningRate?: number; readonly lora?: RunConfig['lora'] };

export interface Recipe {
  readonly label: string;
  /** What it does and what to expect, in one or two sentences. */
  readonly about: string;
  readonly preset: Preset;
}

/** With general questions among the prompts, which keeps general ability (the safety tax) low. */
const WITH_GENERAL: RunConfig['mix'] = { benign: 0.24, borderline: 0.24, harmful: 0.32, general: 0.2 };
const HARMFUL_ONLY: RunConfig['mix'] = { benign: 0, borderline: 0, harmful: 1, general: 0 };
const GROUPS_OF_FOUR = { queries: 4, rolloutsPerQuery: 4 };

export const RECIPE_PRESETS: Readonly<Record<RecipeName, Recipe>> = {
  opsd: {
    label: 'OPSD',
    about:
      'On-policy self-distillation: the same model with the constitution in its context is the teacher. Answers get safer, and shrink.',
    preset: {},
  },
  copsd: {
    label: 'COPSD',
    about:
      'Cross-SFT calibrates the teacher first, then self-distillation. Safe and rich on harm, whole elsewhere.',
    preset: {
      teacher: { kind: 'calibrated' },
      calibration: DEFAULT_CALIBRATION,
      mix: WITH_GENERAL,
      steps: 120,
    },
  },
  'copsd-hybrid': {
    label: 'COPSD hybrid',
    about:
      'COPSD on sampled tokens; general questions take an exact outcome reward instead of the teacher’s.',
    preset: {
      ...GROUPS_OF_FOUR,
      objective: { kind: 'sampled-advantage' },
      teacher: { kind: 'calibrated' },
      calibration: DEFAULT_CALIBRATION,
      policyGradient: { ...DEFAULT_CONFIG.policyGradient, outcomeKinds: ['general'] },
      mix: WITH_GENERAL,
      steps: 120,
    },
  },
  'opsd-moving': {
    label: 'OPSD, moving teacher',
    about:
      'The teacher is the student of the moment with the constitution: every contraction is taught on. It runs away.',
    preset: { teacher: { kind: 'live' } },
  },
  'opsd-gold': {
    label: 'OPSD with gold answers',
    about: 'The teacher also reads the frontier’s answer to the query in its context.',
    preset: { teacherContext: 'constitution+gold' },
  },
  opd: {
    label: 'OPD',
    about: 'On-policy distillation from the larger frontier model under the constitution.',
    preset: { teacher: { kind: 'external', model: FRONTIER_MODEL }, mix: WITH_GENERAL, steps: 120 },
  },
  grpo: {
    label: 'GRPO',
    about: 'No teacher: the judge rewards whole answers, relative to the other answers to the same query.',
    preset: {
      queries: 4,
      rolloutsPerQuery: 8,
      objective: { kind: 'group-reward' },
      policyGradient: { ...DEFAULT_CONFIG.policyGradient, anchor: 0.005 },
      mix: WITH_GENERAL,
      steps: 120,
    },
  },
  'sft-refuse': {
    label: 'SFT, refusals',
    about:
      'Supervised fine-tuning on harmful queries alone, answered by the model’s own refusals under the constitution.',
    preset: { objective: { kind: 'supervised', answers: 'refuse' }, mix: HARMFUL_ONLY },
  },
  'sft-rich': {
    label: 'SFT, rich answers',
    about:
      'Supervised fine-tuning on harmful queries alone, answered by the frontier: safe and rich, and no word on harmless ones.',
    preset: { objective: { kind: 'supervised', answers: 'rich' }, mix: HARMFUL_ONLY },
  },
  bottleneck: {
    label: 'Bottleneck',
    about:
      'OPSD through a rank-1 adapter on the last layer’s output: the student cannot match the teacher, so what the divergence prefers shows.',
    preset: {
      lora: { rank: 1, alpha: 2, targets: ['o_proj'], lastLayers: 1 },
      learningRate: 1e-2,
      steps: 160,
    },
  },
};

/** Learning rate of adapters where a preset says nothing: larger than that of all weights. */
export const LORA_LEARNING_RATE = 2e-3;

/** An adapter of rank R on every projection, with alpha 2R. */
export const loraOfRank = (rank: number): NonNullable<RunConfig['lora']> => ({
  rank,
  alpha: 2 * rank,
  targets: [...LORA_TARGETS],
  lastLayers: 0,
});

/** The settings of a recipe; model, constitution, seed, sampling and evaluation stay those of `config`. */
export function withRecipe(config: RunConfig, recipe: RecipeName): RunConfig {
  const { learningRate, ...preset } = RECIPE_PRESETS[recipe].preset;
  const { objective, teacher, teacherContext, calibration, shaping, policyGradient } = DEFAULT_CONFIG;
  const { steps, queries, rolloutsPerQuery, mix, optimizer, lora, divergenceTemperature } = DEFAULT_CONFIG;
  return {
    ...config,
    objective,
    teacher,
    teacherContext,
    calibration,
    shaping,
    policyGradient,
    steps,
    queries,
    rolloutsPerQuery,
    mix,
    lora,
    divergenceTemperature,
    ...preset,
    recipe,
    optimizer: { ...optimizer, ...(learningRate !== undefined && { learningRate }) },
  };
}
