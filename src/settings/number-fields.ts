import { isDivergenceKind } from './method-config.ts';
import type { RunConfig } from './run-config.ts';
import { METHOD_FIELDS } from './method-fields.ts';
import type { FieldWords, NumberField } from './number-field.ts';

type TopLevel =
  | 'steps'
  | 'seed'
  | 'queries'
  | 'rolloutsPerQuery'
  | 'maxNewTokens'
  | 'temperature'
  | 'topK'
  | 'topP'
  | 'divergenceTemperature';

const top = (key: TopLevel, words: FieldWords): NumberField => ({
  path: key,
  ...words,
  get: config => config[key],
  set: (config, value) => ({ ...config, [key]: value }),
});

const optimizer = (
  key: Exclude<keyof RunConfig['optimizer'], 'schedule'>,
  words: FieldWords,
): NumberField => ({
  path: `optimizer.${key}`,
  ...words,
  get: config => config.optimizer[key],
  set: (config, value) => ({ ...config, optimizer: { ...config.optimizer, [key]: value } }),
});

const evaluation = (
  key: Exclude<keyof RunConfig['evaluation'], 'geometry'>,
  words: FieldWords,
): NumberField => ({
  path: `evaluation.${key}`,
  ...words,
  // Recorded runs are older than some settings.
  get: config => config.evaluation[key] ?? 0,
  set: (config, value) => ({ ...config, evaluation: { ...config.evaluation, [key]: value } }),
});

export const LEARNING_RATE = optimizer('learningRate', {
  label: 'Learning rate',
  unit: 'per step',
  range: '0 to 1; 5e-4 for all weights, 2e-3 to 5e-3 for LoRA',
  why: 'How far one step moves the weights. Too high turns losses into NaN.',
  increment: 0.0001,
  live: true,
});

export const TEMPERATURE = top('temperature', {
  label: 'Temperature',
  unit: '×',
  range: '0.05 to 5',
  why: 'Divides the logits when rollouts are drawn: 1 is the model as it is, lower is more certain.',
  increment: 0.05,
  live: true,
});

/** The figures that matter most, then the rest by group. */
export const RUN_FIELDS: readonly NumberField[] = [
  top('steps', {
    label: 'Steps',
    unit: 'updates',
    range: '1 to 100,000',
    why: 'Optimiser updates of the whole run; the schedule is stretched over them.',
    increment: 10,
  }),
  LEARNING_RATE,
  TEMPERATURE,
  top('seed', {
    label: 'Seed',
    unit: '',
    range: '0 to 4,294,967,295',
    why: 'Same seed, same settings, same GPU: the same run.',
    increment: 1,
  }),
];

export const ROLLOUT_FIELDS: readonly NumberField[] = [
  top('queries', {
    label: 'Queries',
    unit: 'per step',
    range: '1 to 256',
    why: 'More queries give a steadier gradient, and cost time in proportion.',
    increment: 1,
  }),
  top('rolloutsPerQuery', {
    label: 'Rollouts',
    unit: 'per query',
    range: '1 to 64',
    why: 'Answers drawn for each query; sampled advantages compare them with each other.',
    increment: 1,
  }),
  top('maxNewTokens', {
    label: 'Longest answer',
    unit: 'tokens',
    range: '1 to 2,048',
    why: 'Answers are cut here; the embedded model needs about 60, a chat model often 200.',
    increment: 8,
  }),
  top('topK', {
    label: 'Top-k',
    unit: 'tokens; 0 = all',
    range: '0 and up',
    why: 'Draws from the k likeliest tokens only. Off-policy in effect: leave at 0 to measure.',
    increment: 1,
  }),
  top('topP', {
    label: 'Top-p',
    unit: 'share',
    range: 'over 0, to 1',
    why: 'Draws from the smallest set of tokens that holds this share. 1 keeps all.',
    increment: 0.05,
  }),
];

export const DIVERGENCE_TEMPERATURE: NumberField = {
  ...top('divergenceTemperature', {
    label: 'Divergence temperature τ',
    unit: '×',
    range: '0.05 to 10',
    why: 'Divides both models’ logits inside the loss; over 1 weighs unlikely tokens more.',
    increment: 0.1,
  }),
  applies: ({ objective }) => isDivergenceKind(objective.kind),
};

export const OPTIMIZER_FIELDS: readonly NumberField[] = [
  optimizer('warmupSteps', {
    label: 'Warm-up',
    unit: 'steps',
    range: '0 and up',
    why: 'The learning rate climbs from 0 over these steps, while AdamW’s averages settle.',
    increment: 1,
  }),
  optimizer('clipNorm', {
    label: 'Gradient clip',
    unit: 'global norm; 0 = off',
    range: '0 and up',
    why: 'Longer gradients are shortened to this: one bad batch cannot wreck the weights.',
    increment: 0.1,
  }),
  optimizer('weightDecay', {
    label: 'Weight decay',
    unit: 'per step × rate',
    range: '0 to 1',
    why: 'Pulls weights to zero. 0 keeps the student near its start.',
    increment: 0.01,
  }),
  optimizer('beta1', {
    label: 'AdamW β₁',
    unit: '',
    range: '0 to 1',
    why: 'Memory of the gradient’s average.',
    increment: 0.01,
  }),
  optimizer('beta2', {
    label: 'AdamW β₂',
    unit: '',
    range: '0 to 1',
    why: 'Memory of the gradient’s square; .99 suits short runs.',
    increment: 0.01,
  }),
  optimizer('epsilon', {
    label: 'AdamW ε',
    unit: '',
    range: 'over 0',
    why: 'Keeps the division finite where gradients vanish.',
    increment: 1e-8,
  }),
];

export const EVALUATION_FIELDS: readonly NumberField[] = [
  evaluation('every', {
    label: 'Evaluate every',
    unit: 'steps',
    range: '1 and up',
    why: 'Held-out queries, answered and judged: the markers in the charts.',
    increment: 5,
  }),
  evaluation('queriesPerKind', {
    label: 'Queries a kind',
    unit: 'queries',
    range: '1 to 1,000',
    why: 'The 95 % band narrows with the root of this; time grows in proportion.',
    increment: 8,
  }),
  evaluation('benchmarkItems', {
    label: 'Mini-benchmark items',
    unit: 'each; 0 = off',
    range: '0 to 1,000',
    why: 'After the last step base and student answer so many items of each of the twelve mini-benchmarks.',
    increment: 10,
  }),
  evaluation('inspect', {
    label: 'Answers token by token',
    unit: 'a kind; 0 = off',
    range: '0 to 20',
    why: 'Each evaluation also reads so many answers of each kind token by token, for the view Tokens.',
    increment: 1,
  }),
];

/** Every number that a link may set by its path. */
export const NUMBER_FIELDS: readonly NumberField[] = [
  ...RUN_FIELDS,
  ...ROLLOUT_FIELDS,
  DIVERGENCE_TEMPERATURE,
  ...OPTIMIZER_FIELDS,
  ...EVALUATION_FIELDS,
  ...METHOD_FIELDS,
];
