import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { withRecipe } from '../../src/settings/choices.ts';
import type { RecipeName } from '../../src/settings/recipes.ts';
import type { RunConfig } from '../../src/settings/run-config.ts';
import type { Constitution } from '../../src/contract/world.ts';

/** One row of the results: settings that are run with every seed. */
export interface Experiment {
  /** Names its files. */
  readonly id: string;
  readonly label: string;
  readonly recipe: RecipeName;
  /** Why it is in the grid, in one sentence of the report. */
  readonly about: string;
  /** Changes to the recipe. */
  readonly change?: (config: RunConfig) => RunConfig;
  /** Where it belongs in the report. */
  readonly part: 'methods' | 'divergences' | 'ablations' | 'constitutions';
}

/** Held-out queries of each kind, items of each mini-benchmark, steps between evaluations. */
const EVALUATION = { queriesPerKind: 96, geometry: true, benchmarkItems: 24, inspect: 0, every: 20 };

/** A constitution file of public/constitutions, as parsed. */
export type ConstitutionOf = (file: string) => Constitution;

const calibrated =
  (changes: Partial<NonNullable<RunConfig['calibration']>>) =>
  (config: RunConfig): RunConfig => ({
    ...config,
    calibration: config.calibration && { ...config.calibration, ...changes },
  });

/** The grid, most important first: an interrupted run has the rows above. */
export const experiments = (constitution: ConstitutionOf): readonly Experiment[] => [
  {
    id: 'opsd',
    label: 'OPSD',
    recipe: 'opsd',
    part: 'methods',
    about: 'Self-distillation from the constitution-reading base: the collapse.',
  },
  {
    id: 'copsd',
    label: 'COPSD',
    recipe: 'copsd',
    part: 'methods',
    about: 'Cross-SFT first, then the same: the repair.',
  },
  {
    id: 'opsd-moving',
    label: 'OPSD, moving teacher',
    recipe: 'opsd-moving',
    part: 'methods',
    about: 'The student of the moment teaches: runaway.',
  },
  {
    id: 'copsd-no-self',
    label: 'COPSD, no self-answers',
    recipe: 'copsd',
    part: 'ablations',
    about: 'Cross-SFT on the frontier’s half alone.',
    change: calibrated({ selfAnswers: false }),
  },
  {
    id: 'copsd-5-epochs',
    label: 'COPSD, five epochs',
    recipe: 'copsd',
    part: 'ablations',
    about: 'Cross-SFT for five epochs instead of two.',
    change: calibrated({ epochs: 5 }),
  },
  {
    id: 'opsd-forward',
    label: 'OPSD, forward KL',
    recipe: 'opsd',
    part: 'divergences',
    about: 'The divergence that covers instead of seeks.',
    change: config => ({ ...config, objective: { kind: 'forward-kl' } }),
  },
  {
    id: 'bottleneck',
    label: 'Bottleneck, reverse KL',
    recipe: 'bottleneck',
    part: 'divergences',
    about: 'A rank-1 student cannot match its teacher: what reverse KL then prefers.',
  },
  {
    id: 'bottleneck-forward',
    label: 'Bottleneck, forward KL',
    recipe: 'bottleneck',
    part: 'divergences',
    about: 'The same student under forward KL.',
    change: config => ({ ...config, objective: { kind: 'forward-kl' } }),
  },
  {
    id: 'sft-refuse',
    label: 'SFT, refusals',
    recipe: 'sft-refuse',
    part: 'methods',
    about: 'Supervised on the model’s own refusals.',
  },
  {
    id: 'sft-rich',
    label: 'SFT, rich answers',
    recipe: 'sft-rich',
    part: 'methods',
    about: 'Supervised on the frontier’s safety answers, harmful queries alone.',
  },
  {
    id: 'opd',
    label: 'OPD',
    recipe: 'opd',
    part: 'methods',
    about: 'On-policy distillation from the frontier.',
  },
  {
    id: 'grpo',
    label: 'GRPO',
    recipe: 'grpo',
    part: 'methods',
    about: 'Outcome rewards of the judge, no teacher.',
  },
  {
    id: 'copsd-hybrid',
    label: 'COPSD hybrid',
    recipe: 'copsd-hybrid',
    part: 'methods',
    about: 'Sampled tokens, with outcome rewards on general questions.',
  },
  {
    id: 'opsd-gold',
    label: 'OPSD, gold answers',
    recipe: 'opsd-gold',
    part: 'methods',
    about: 'The teacher also reads the frontier’s answer.',
  },
  {
    id: 'opsd-sampled',
    label: 'OPSD, sampled advantage',
    recipe: 'opsd',
    part: 'divergences',
    about: 'The paper’s policy gradient on sampled tokens.',
    change: config => ({
      ...config,
      objective: { kind: 'sampled-advantage' },
      queries: 4,
      rolloutsPerQuery: 4,
    }),
  },
  {
    id: 'opsd-jsd',
    label: 'OPSD, JSD ½',
    recipe: 'opsd',
    part: 'divergences',
    about: 'Half way between the two.',
    change: config => ({ ...config, objective: { kind: 'jsd', beta: 0.5 } }),
  },
  {
    id: 'opsd-helpful',
    label: 'OPSD, helpful constitution',
    recipe: 'opsd',
    part: 'constitutions',
    about: 'A constitution that also asks for help with every harmless request.',
    change: config => ({ ...config, constitution: mutable(constitution('helpful.json')) }),
  },
  {
    id: 'opsd-violence',
    label: 'OPSD, violence only',
    recipe: 'opsd',
    part: 'constitutions',
    about:
      'A constitution that names one category; larger batches and 120 steps, because one query in six is its.',
    change: config => ({
      ...config,
      constitution: mutable(constitution('violence-only.json')),
      queries: 32,
      steps: 120,
      mix: { benign: 0.2, borderline: 0.2, harmful: 0.6, general: 0 },
      optimizer: { ...config.optimizer, learningRate: 1e-3 },
    }),
  },
];

const mutable = ({ title, clauses }: Constitution): RunConfig['constitution'] => ({
  title,
  clauses: [...clauses],
});

/** The settings of an experiment with a seed. */
export function configOf({ recipe, change }: Experiment, seed: number): RunConfig {
  const config = withRecipe(DEFAULT_CONFIG, recipe);
  return {
    ...(change ? change(config) : config),
    seed,
    evaluation: { ...config.evaluation, ...EVALUATION },
  };
}
