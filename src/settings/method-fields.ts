import { isDivergenceKind, isPolicyGradient, type CalibrationConfig } from './method-config.ts';
import type { LoraConfig, RunConfig } from './run-config.ts';
import type { FieldWords, NumberField } from './number-field.ts';
import { parameterOf, parameterValue, withParameter } from './objective-parameters.ts';

const parameter = (kind: 'jsd' | 'skew-forward' | 'alpha'): NumberField => {
  const about = parameterOf(kind);
  if (!about) throw new Error(`the objective '${kind}' has no number of its own`);
  const { key, symbol, range, why } = about;
  const applies = ({ objective }: RunConfig): boolean => parameterOf(objective.kind)?.key === key;
  return {
    path: `objective.${key}`,
    label: symbol,
    unit: '',
    range,
    why,
    increment: 0.05,
    applies,
    get: config => (applies(config) ? parameterValue(config.objective) : NaN),
    set: (config, value) =>
      applies(config) ? { ...config, objective: withParameter(config.objective, value) } : config,
  };
};

const teacher = <Kind extends 'ema' | 'refreshed'>(
  kind: Kind,
  key: Kind extends 'ema' ? 'decay' : 'every',
  words: FieldWords,
): NumberField => ({
  path: `teacher.${key}`,
  ...words,
  applies: config => config.teacher.kind === kind,
  get: config => (config.teacher.kind === kind ? (config.teacher as Record<typeof key, number>)[key] : NaN),
  set: (config, value) =>
    config.teacher.kind === kind ? { ...config, teacher: { ...config.teacher, [key]: value } } : config,
});

type CalibrationNumber = Exclude<keyof CalibrationConfig, 'selfAnswers' | 'frontier' | 'review'>;

const calibration = (key: CalibrationNumber, words: FieldWords): NumberField => ({
  path: `calibration.${key}`,
  ...words,
  applies: config => config.calibration !== null,
  get: config => config.calibration?.[key] ?? NaN,
  set: (config, value) =>
    config.calibration ? { ...config, calibration: { ...config.calibration, [key]: value } } : config,
});

const shaping = (
  key: keyof RunConfig['shaping'],
  applies: NumberField['applies'],
  words: FieldWords,
): NumberField => ({
  path: `shaping.${key}`,
  ...words,
  ...(applies && { applies }),
  get: config => config.shaping[key],
  set: (config, value) => ({ ...config, shaping: { ...config.shaping, [key]: value } }),
});

const policy = (
  key: Exclude<keyof RunConfig['policyGradient'], 'outcomeKinds'>,
  words: FieldWords,
): NumberField => ({
  path: `policyGradient.${key}`,
  ...words,
  applies: config => isPolicyGradient(config.objective.kind),
  get: config => config.policyGradient[key],
  set: (config, value) => ({ ...config, policyGradient: { ...config.policyGradient, [key]: value } }),
});

const lora = (key: Exclude<keyof LoraConfig, 'targets'>, words: FieldWords): NumberField => ({
  path: `lora.${key}`,
  ...words,
  applies: config => config.lora !== null,
  get: config => config.lora?.[key] ?? NaN,
  set: (config, value) => (config.lora ? { ...config, lora: { ...config.lora, [key]: value } } : config),
});

const ofDivergence = ({ objective }: RunConfig): boolean => isDivergenceKind(objective.kind);

const OBJECTIVE_FIELDS: readonly NumberField[] = [
  parameter('jsd'),
  parameter('skew-forward'),
  parameter('alpha'),
];

export const TEACHER_FIELDS: readonly NumberField[] = [
  teacher('ema', 'decay', {
    label: 'Decay',
    unit: 'of the old teacher',
    range: '0 to 1',
    why: 'After each step the teacher keeps this share of itself. 1 never moves, 0 is the student.',
    increment: 0.01,
  }),
  teacher('refreshed', 'every', {
    label: 'Renewed every',
    unit: 'steps',
    range: '1 to 100,000',
    why: 'Steps between copies of the student.',
    increment: 5,
  }),
];

export const CALIBRATION_FIELDS: readonly NumberField[] = [
  calibration('pairs', {
    label: 'Pairs',
    unit: 'query and answer',
    range: '8 to 20,000',
    why: 'Size of the crossed set. With too few the teacher still complies with some harm.',
    increment: 80,
  }),
  calibration('harmfulShare', {
    label: 'Harmful share',
    unit: 'of the pairs',
    range: '0 to 1',
    why: 'Harmful queries, answered safely and richly by the frontier under the constitution.',
    increment: 0.05,
  }),
  calibration('generalShare', {
    label: 'General share',
    unit: 'of the pairs',
    range: '0 to 1',
    why: 'General questions: they guard ability. What is left is benign and borderline.',
    increment: 0.05,
  }),
  calibration('epochs', {
    label: 'Epochs',
    unit: 'times through',
    range: '1 to 50',
    why: 'Two are best in the paper; five overfit.',
    increment: 1,
  }),
  calibration('batch', {
    label: 'Batch',
    unit: 'pairs a step',
    range: '1 to 256',
    why: 'Pairs behind each fine-tuning step.',
    increment: 4,
  }),
  calibration('learningRate', {
    label: 'Cross-SFT learning rate',
    unit: 'per step',
    range: '0 to 1; 1e-3 for the embedded model',
    why: 'How far one fine-tuning step moves the teacher.',
    increment: 0.0001,
  }),
];

export const SHAPING_FIELDS: readonly NumberField[] = [
  shaping('topK', ofDivergence, {
    label: 'Teacher’s top K',
    unit: 'tokens; 0 = all',
    range: '0 to 1,000,000',
    why: 'Divergence over the teacher’s K likeliest tokens, the rest as one. Cheaper to send; blind in the tail.',
    increment: 8,
  }),
  shaping('tokenClip', ofDivergence, {
    label: 'Token clip',
    unit: 'nats; 0 = off',
    range: '0 and up',
    why: 'Tokens with a larger loss stop pulling: opening and style tokens cannot drown the content.',
    increment: 0.1,
  }),
  shaping('skipFirst', undefined, {
    label: 'Skip first',
    unit: 'tokens',
    range: '0 to 2,048',
    why: 'The first tokens of an answer take no part: refusing is decided there.',
    increment: 1,
  }),
];

export const POLICY_FIELDS: readonly NumberField[] = [
  policy('updates', {
    label: 'Updates a step',
    unit: 'on the same rollouts',
    range: '1 to 16',
    why: 'More use of each rollout; from the second update on the ratio clip holds them near.',
    increment: 1,
  }),
  policy('clipRatio', {
    label: 'Ratio clip ε',
    unit: '0 = off',
    range: '0 to 1',
    why: 'PPO: a token stops pulling once its probability has changed by this share.',
    increment: 0.05,
  }),
  policy('anchor', {
    label: 'Anchor to the base',
    unit: '× KL; 0 = off',
    range: '0 and up',
    why: 'Weight of a penalty on leaving the base. The authors use 0.005.',
    increment: 0.005,
  }),
];

export const LORA_FIELDS: readonly NumberField[] = [
  lora('rank', {
    label: 'Rank',
    unit: 'columns',
    range: '1 to 256',
    why: 'Room that the adapter has to change the model; rank 1 is a bottleneck that separates the divergences.',
    increment: 1,
  }),
  lora('alpha', {
    label: 'Scale α',
    unit: '× 1/rank',
    range: 'over 0, to 1,024',
    why: 'The adapter’s output is multiplied by α / rank.',
    increment: 1,
  }),
  lora('lastLayers', {
    label: 'Last layers only',
    unit: 'layers; 0 = all',
    range: '0 to 1,000',
    why: 'Adapts the last layers alone: the narrower, the more the divergence’s taste shows.',
    increment: 1,
  }),
];

/** The numbers that belong to a method: not all settings have them all. */
export const METHOD_FIELDS: readonly NumberField[] = [
  ...OBJECTIVE_FIELDS,
  ...TEACHER_FIELDS,
  ...CALIBRATION_FIELDS,
  ...SHAPING_FIELDS,
  ...POLICY_FIELDS,
  ...LORA_FIELDS,
];
