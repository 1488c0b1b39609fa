import { PROJECTIONS } from '../contract/projections.ts';
import { calibrationSchema, type LoraConfig } from './method-config.ts';
import type { RunSettings } from './run-config.ts';
import { FRONTIER_MODEL } from './teacher-kinds.ts';

/** Cross-SFT as it is known to work on the embedded model. */
export const DEFAULT_CALIBRATION = calibrationSchema.parse({
  pairs: 960,
  harmfulShare: 0.4,
  generalShare: 0.15,
  selfAnswers: true,
  frontier: FRONTIER_MODEL,
  epochs: 2,
  batch: 16,
  learningRate: 1e-3,
  review: false,
});

/** Learning rate of adapters where a preset says nothing: larger than that of all weights. */
export const LORA_LEARNING_RATE = 2e-3;

/** An adapter of rank R on every projection, with alpha 2R. */
export const loraOfRank = (rank: number): LoraConfig => ({
  rank,
  alpha: 2 * rank,
  targets: [...PROJECTIONS],
  lastLayers: 0,
});

/** What a recipe changes of the default settings. */
type Changes = Partial<Omit<RunSettings, 'policyGradient' | 'optimizer'>> & {
  readonly policyGradient?: Partial<RunSettings['policyGradient']>;
  readonly optimizer?: Partial<RunSettings['optimizer']>;
};

/** A preset of the settings: the paper's method, a baseline or a probe. */
interface Recipe<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  /** What one would choose it for. */
  readonly group: 'The paper’s method' | 'What it repairs' | 'Baselines' | 'Probe';
  /** What it does and what to expect, in one or two sentences. */
  readonly why: string;
  readonly config: Changes;
}

const recipe = <const Name extends string>(preset: Recipe<Name>): Recipe<Name> => preset;

/** With general questions among the prompts, which keeps general ability (the safety tax) low. */
const WITH_GENERAL: RunSettings['mix'] = { benign: 0.24, borderline: 0.24, harmful: 0.32, general: 0.2 };
const HARMFUL_ONLY: RunSettings['mix'] = { benign: 0, borderline: 0, harmful: 1, general: 0 };

/** In the order in which the page offers them. A new recipe is an entry here, and a row of tools/experiments/grid.ts. */
export const RECIPE_LIST = [
  recipe({
    name: 'copsd',
    label: 'COPSD',
    group: 'The paper’s method',
    why: 'Cross-SFT calibrates the teacher first, then self-distillation. Safe and rich on harm, whole elsewhere.',
    config: {
      teacher: { kind: 'calibrated' },
      calibration: DEFAULT_CALIBRATION,
      mix: WITH_GENERAL,
      steps: 120,
    },
  }),
  recipe({
    name: 'copsd-hybrid',
    label: 'COPSD hybrid',
    group: 'The paper’s method',
    why: 'COPSD on sampled tokens; general questions take an exact outcome reward instead of the teacher’s.',
    config: {
      queries: 4,
      rolloutsPerQuery: 4,
      objective: { kind: 'sampled-advantage' },
      teacher: { kind: 'calibrated' },
      calibration: DEFAULT_CALIBRATION,
      policyGradient: { outcomeKinds: ['general'] },
      mix: WITH_GENERAL,
      steps: 120,
    },
  }),
  recipe({
    name: 'opsd',
    label: 'OPSD',
    group: 'What it repairs',
    why: 'On-policy self-distillation: the same model with the constitution in its context is the teacher. Answers get safer, and shrink.',
    config: {},
  }),
  recipe({
    name: 'opsd-moving',
    label: 'OPSD, moving teacher',
    group: 'What it repairs',
    why: 'The teacher is the student of the moment with the constitution: every contraction is taught on. It runs away.',
    config: { teacher: { kind: 'live' } },
  }),
  recipe({
    name: 'opsd-gold',
    label: 'OPSD with gold answers',
    group: 'What it repairs',
    why: 'The teacher also reads the frontier’s answer to the query in its context.',
    config: { teacherContext: 'constitution+gold' },
  }),
  recipe({
    name: 'opd',
    label: 'OPD',
    group: 'Baselines',
    why: 'On-policy distillation from the larger frontier model under the constitution.',
    config: { teacher: { kind: 'external', model: FRONTIER_MODEL }, mix: WITH_GENERAL, steps: 120 },
  }),
  recipe({
    name: 'grpo',
    label: 'GRPO',
    group: 'Baselines',
    why: 'No teacher: the judge rewards whole answers, relative to the other answers to the same query.',
    config: {
      queries: 4,
      rolloutsPerQuery: 8,
      objective: { kind: 'group-reward' },
      policyGradient: { anchor: 0.005 },
      mix: WITH_GENERAL,
      steps: 120,
    },
  }),
  recipe({
    name: 'sft-refuse',
    label: 'SFT, refusals',
    group: 'Baselines',
    why: 'Supervised fine-tuning on harmful queries alone, answered by the model’s own refusals under the constitution.',
    config: { objective: { kind: 'supervised', answers: 'refuse' }, mix: HARMFUL_ONLY },
  }),
  recipe({
    name: 'sft-rich',
    label: 'SFT, rich answers',
    group: 'Baselines',
    why: 'Supervised fine-tuning on harmful queries alone, answered by the frontier: safe and rich, with nothing on harmless ones.',
    config: { objective: { kind: 'supervised', answers: 'rich' }, mix: HARMFUL_ONLY },
  }),
  recipe({
    name: 'bottleneck',
    label: 'Bottleneck',
    group: 'Probe',
    why: 'OPSD through a rank-1 adapter on the last layer’s output: the student cannot match the teacher, so what the divergence prefers shows.',
    config: {
      lora: { rank: 1, alpha: 2, targets: ['o_proj'], lastLayers: 1 },
      optimizer: { learningRate: 1e-2 },
      steps: 160,
    },
  }),
];

export type RecipeName = (typeof RECIPE_LIST)[number]['name'];
export const RECIPES: readonly RecipeName[] = RECIPE_LIST.map(({ name }) => name);

const RECIPES_BY_NAME = new Map<string, Recipe>(RECIPE_LIST.map(each => [each.name, each]));
export const recipeOf = (name: RecipeName): Recipe => RECIPES_BY_NAME.get(name)!;
export const recipeLabel = (name: RecipeName): string => recipeOf(name).label;

/** The recipes by what one would choose them for. */
export const RECIPE_GROUPS = [...new Set(RECIPE_LIST.map(({ group }) => group))].map(title => ({
  title,
  recipes: RECIPE_LIST.filter(({ group }) => group === title),
}));
