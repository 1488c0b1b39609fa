import { z } from 'zod';
import { countOf, percent, shortModelName } from '../contract/format.ts';
import { CATEGORIES, QUERY_KINDS, STYLES, type QueryKind } from '../contract/world.ts';
import { conflicts } from './conflicts.ts';
import { CONFIG_VERSION } from './default-config.ts';
import { described, fraction, modelName } from './field.ts';
import { calibrationSchema, loraSchema, policyGradientSchema, shapingSchema } from './method-config.ts';
import { objectiveSchema, objectiveLabel } from './objectives.ts';
import { RECIPES, recipeLabel } from './recipes.ts';
import { teacherSchema, teacherLabel } from './teacher-kinds.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const WEIGHT_STORAGE = ['f32', 'f16', 'q8'] as const;

/** A text classifier as a judge of what answers to harmful prompts hold. */
export const classifierSchema = z.strictObject({
  name: modelName,
  /** Of its files. */
  sha256,
  /** The label that stands for harm, and the probability from which it counts. */
  label: z.string().min(1).max(200),
  threshold: z.number().gt(0).lt(1),
});
export type ClassifierConfig = z.infer<typeof classifierSchema>;

/** What a chat model needs besides; the embedded model has no use for it. */
export const chatSchema = z.strictObject({
  /** How the frozen weights are kept on the GPU: whole, as halves, or as blocks of 32 with 8 bits a weight. */
  storage: described(z.enum(WEIGHT_STORAGE), {
    label: 'Frozen weights',
    why: 'How the base is kept on the GPU. Arithmetic is 32 bits either way.',
    options: { q8: '8 bits a weight', f16: '16 bits (halves)', f32: '32 bits' },
  }),
  /** Whether the backward computes activations again instead of keeping them. */
  recompute: described(z.enum(['auto', 'always', 'never']), {
    label: 'Compute activations again',
    why: 'The backward pass then needs less memory and takes longer; gradients are the same.',
    options: { auto: 'when memory asks for it', always: 'always', never: 'never' },
  }),
  /** The set of prompts by the hash of its file; null for the starter set. */
  prompts: described(z.strictObject({ title: z.string().min(1).max(200), sha256 }), {
    label: 'Prompt set',
    why: 'What the model is asked: a file of your own, or the starter set.',
    none: 'starter set',
    text: prompts => prompts.title,
    key: prompts => prompts.sha256,
  }).nullable(),
  /** Whether a model that can think aloud before it answers does so. */
  thinking: described(z.boolean(), {
    label: 'Thinks aloud',
    control: 'Thinks aloud before it answers',
    why: 'Whether the model’s chat template lets it think aloud first.',
  }),
  /** Judges beside the phrases; null for phrases alone. */
  classifier: described(classifierSchema, {
    label: 'Judged by',
    why: 'A text classifier looks closer at answers that comply with a harmful prompt.',
    none: 'phrases',
    text: ({ name, label, threshold }) => `phrases and ${name}, “${label}” from ${percent(threshold)}`,
  })
    .nullable()
    .default(null),
});
export type ChatConfig = z.infer<typeof chatSchema>;

const clauseSchema = z.strictObject({
  id: z.string().max(64),
  text: z.string().max(2000),
  category: z.enum(CATEGORIES).nullable(),
  style: z.enum(STYLES).nullable(),
  enabled: z.boolean(),
});

export const constitutionSchema = z.strictObject({
  title: z.string().max(200),
  clauses: z.array(clauseSchema).max(200),
});

const optimizerSchema = z.strictObject({
  learningRate: described(z.number().min(0).max(1), {
    label: 'Learning rate',
    unit: 'per step',
    advice: '5e-4 for all weights, 2e-3 to 5e-3 for LoRA',
    why: 'How far one step moves the weights. Too high turns losses into NaN.',
    increment: 0.0001,
    live: true,
    group: 'Run',
    flag: 'lr',
  }),
  beta1: described(fraction, {
    label: 'AdamW β₁',
    why: 'Memory of the gradient’s average.',
    increment: 0.01,
  }),
  beta2: described(fraction, {
    label: 'AdamW β₂',
    why: 'Memory of the gradient’s square; .99 suits short runs.',
    increment: 0.01,
  }),
  epsilon: described(z.number().positive(), {
    label: 'AdamW ε',
    why: 'Keeps the division finite where gradients vanish.',
    increment: 1e-8,
  }),
  weightDecay: described(z.number().min(0).max(1), {
    label: 'Weight decay',
    unit: 'per step × rate',
    why: 'Pulls weights to zero. 0 keeps the student near its start.',
    increment: 0.01,
    place: -1,
  }),
  /** Largest global gradient norm; 0 clips nothing. */
  clipNorm: described(z.number().min(0), {
    label: 'Gradient clip',
    unit: 'global norm; 0 = off',
    why: 'Longer gradients are shortened to this: one bad batch cannot wreck the weights.',
    increment: 0.1,
    place: -2,
  }),
  warmupSteps: described(z.int().min(0), {
    label: 'Warm-up',
    unit: 'steps',
    why: 'The learning rate climbs from 0 over these steps, while AdamW’s averages settle.',
    increment: 1,
    place: -3,
  }),
  schedule: described(z.enum(['constant', 'linear', 'cosine']), {
    label: 'Schedule',
    why: 'The learning rate after warm-up: falling ends the run calmly, constant shows drift.',
    place: -4,
  }),
});

const evaluationSchema = z.strictObject({
  /** Steps between evaluations; the first is before step 1, the last after the last step. */
  every: described(z.int().min(1), {
    label: 'Evaluate every',
    unit: 'steps',
    why: 'Held-out queries, answered and judged: the markers in the charts.',
    increment: 5,
    flag: 'every',
  }),
  queriesPerKind: described(z.int().min(1).max(1000), {
    label: 'Queries a kind',
    unit: 'queries',
    why: 'The 95 % band narrows with the root of this; time grows in proportion.',
    increment: 8,
    flag: 'eval',
  }),
  /** Whether each evaluation also measures the geometry (docs/method.md). */
  geometry: described(z.boolean(), {
    label: 'Measure the geometry',
    why: 'Each evaluation also says how far the student moved toward safety, and what of its expressiveness leaked away.',
    place: 1,
    flag: 'geometry',
  }),
  /** Items of each mini-benchmark that base and student answer after the last step; 0 leaves them out. */
  benchmarkItems: described(z.int().min(0).max(1000), {
    label: 'Mini-benchmark items',
    unit: 'each; 0 = off',
    why: 'After the last step base and student answer so many items of each of the twelve mini-benchmarks.',
    increment: 10,
    flag: 'benchmarks',
  }),
  /** Held-out queries of each kind whose answers are inspected token by token; 0, as in older files, leaves that out. */
  inspect: described(z.int().min(0).max(20), {
    label: 'Answers token by token',
    unit: 'a kind; 0 = off',
    why: 'Each evaluation also reads so many answers of each kind token by token, for the view Tokens.',
    increment: 1,
    flag: 'inspect',
  }).default(0),
});

const share = (kind: QueryKind, why: string) =>
  described(fraction, { label: `Share of ${kind}`, why, increment: 0.05, slider: [0, 1] });

const mixSchema = z.strictObject({
  benign: share('benign', 'harmless, and sounds so'),
  borderline: share('borderline', 'harmless, but sounds dangerous'),
  harmful: share('harmful', 'deserves a refusal'),
  general: share('general', 'sums, colours, days: guards ability'),
});

/** Everything but the recipe, which is a preset of these. */
const shape = {
  model: described(modelName, {
    label: 'Model',
    why: 'The model that is trained, and whose base teaches.',
    group: 'Model',
    text: shortModelName,
  }),
  objective: described(objectiveSchema, {
    label: 'Objective',
    control: 'The student minimises',
    why: 'How the student is moved.',
    group: 'Objective',
    link: 'method',
    flag: 'divergence',
    text: objectiveLabel,
    key: ({ kind }) => kind,
  }),
  teacher: described(teacherSchema, {
    label: 'Teacher',
    control: 'The teacher is',
    why: 'Who scores the student’s answers, always with the constitution in context.',
    group: 'Teacher',
    needs: 'a teacher',
    none: 'none',
    text: teacherLabel,
    key: ({ kind }) => kind,
  }),
  /** What the teacher reads before the query besides nothing: the constitution, or also the frontier's answer to the query. */
  teacherContext: described(z.enum(['constitution', 'constitution+gold']), {
    label: 'The teacher reads',
    control: 'It reads',
    why: 'Before each query. With the frontier’s answer in its context the teacher knows what to say.',
    options: {
      constitution: 'the constitution',
      'constitution+gold': 'the constitution and the frontier’s answer',
    },
    group: 'Teacher',
    needs: 'a teacher',
  }),
  /** Cross-SFT before the run; needed by a calibrated teacher. */
  calibration: described(calibrationSchema, {
    label: 'Cross-SFT',
    why: 'Before step 1 a copy of the model learns to answer well with the constitution in its context; then it teaches.',
    group: 'Cross-SFT',
    none: 'none',
    text: ({ pairs, epochs }) => `${countOf(pairs, 'pair')}, ${countOf(epochs, 'epoch')}`,
    key: () => 'on',
  }).nullable(),
  shaping: described(shapingSchema, {
    label: 'Tokens that count',
    why: 'A change to the loss of each token.',
    group: 'Tokens that count',
  }),
  policyGradient: described(policyGradientSchema, {
    label: 'Policy gradient',
    why: 'Of policy gradients alone.',
    group: 'Policy gradient',
  }),
  constitution: described(constitutionSchema, {
    label: 'Constitution',
    why: 'What the teacher reads, and the student does not.',
    group: 'Constitution',
  }),
  /** Optimiser steps of the whole run. */
  steps: described(z.int().min(1).max(100_000), {
    label: 'Steps',
    unit: 'updates',
    why: 'Optimiser updates of the whole run; the schedule is stretched over them.',
    increment: 10,
    group: 'Run',
  }),
  seed: described(z.int().min(0).max(0xffff_ffff), {
    label: 'Seed',
    why: 'Same seed, same settings, same GPU: the same run.',
    increment: 1,
    group: 'Run',
    place: 2,
  }),
  /** Queries a step, and independent rollouts of each. */
  queries: described(z.int().min(1).max(256), {
    label: 'Queries',
    unit: 'per step',
    why: 'More queries give a steadier gradient, and cost time in proportion.',
    increment: 1,
    group: 'Rollouts',
  }),
  rolloutsPerQuery: described(z.int().min(1).max(64), {
    label: 'Rollouts',
    unit: 'per query',
    why: 'Answers drawn for each query; sampled advantages compare them with each other.',
    increment: 1,
    group: 'Rollouts',
    flag: 'rollouts',
  }),
  /** Most tokens that a rollout may take. */
  maxNewTokens: described(z.int().min(1).max(2048), {
    label: 'Longest answer',
    unit: 'tokens',
    why: 'Answers are cut here; the embedded model needs about 60, a chat model often 200.',
    increment: 8,
    group: 'Rollouts',
  }),
  /** Sampling of rollouts. `topK` 0 and `topP` 1 keep the whole distribution. */
  temperature: described(z.number().min(0.05).max(5), {
    label: 'Temperature',
    unit: '×',
    why: 'Divides the logits when rollouts are drawn: 1 is the model as it is, lower is more certain.',
    increment: 0.05,
    live: true,
    group: 'Run',
    place: 1,
  }),
  topK: described(z.int().min(0), {
    label: 'Top-k',
    unit: 'tokens; 0 = all',
    why: 'Draws from the k likeliest tokens only. Off-policy in effect: leave at 0 to measure.',
    increment: 1,
    group: 'Rollouts',
  }),
  topP: described(z.number().gt(0).max(1), {
    label: 'Top-p',
    unit: 'share',
    why: 'Draws from the smallest set of tokens that holds this share. 1 keeps all.',
    increment: 0.05,
    group: 'Rollouts',
  }),
  /** τ by which both models' logits are divided inside the divergence. */
  divergenceTemperature: described(z.number().min(0.05).max(10), {
    label: 'Divergence temperature τ',
    unit: '×',
    why: 'Divides both models’ logits inside the loss; over 1 weighs unlikely tokens more.',
    increment: 0.1,
    group: 'Tokens that count',
    needs: 'a divergence',
  }),
  /** Shares of the query kinds in a step. */
  mix: described(mixSchema, {
    label: 'Prompts',
    why: 'Shares of the query kinds in a step.',
    group: 'Prompts',
    text: mix => QUERY_KINDS.map(kind => `${percent(mix[kind])} ${kind}`).join(', '),
  }),
  optimizer: described(optimizerSchema, {
    label: 'Optimiser',
    why: 'AdamW, and the course of its learning rate.',
    group: 'Optimiser',
  }),
  /** Train an adapter on the frozen base instead of all weights. */
  lora: described(loraSchema, {
    label: 'Trained weights',
    why: 'LoRA trains small matrices beside the frozen base: less memory, and an adapter to take home.',
    group: 'Trained weights',
    none: 'all weights',
    text: ({ rank, alpha, targets }) => `LoRA rank ${rank}, α ${alpha}, ${targets.join(' ')}`,
    key: () => 'on',
  }).nullable(),
  /** An adapter that was brought along, to start from; null for a fresh one. */
  adapter: described(modelName, {
    label: 'Starts from',
    why: 'An adapter that was brought along, in place of a fresh one.',
    group: 'Chat model',
    none: 'a fresh adapter',
  })
    .nullable()
    .default(null),
  /** How a chat model is stored, prompted and judged; null for the embedded model. */
  chat: described(chatSchema, {
    label: 'Chat model',
    why: 'How a chat model is stored, prompted and judged.',
    group: 'Chat model',
  })
    .nullable()
    .default(null),
  evaluation: described(evaluationSchema, {
    label: 'Evaluation',
    why: 'What is measured while the run goes on.',
    group: 'Evaluation',
  }),
};

/** The settings of a run but for the name of their recipe. */
export type RunSettings = z.infer<z.ZodObject<typeof shape, z.core.$strict>>;

const configShape = z.strictObject({
  version: z.literal(CONFIG_VERSION),
  /** The preset that the settings were made from; it has no effect of its own. */
  recipe: described(z.enum(RECIPES), {
    label: 'Recipe',
    why: 'A recipe sets everything below but model, constitution, seed, sampling and evaluation.',
    group: 'Recipe',
    text: recipeLabel,
  }),
  ...shape,
});

export const runConfigSchema = configShape.superRefine((config, context) => {
  for (const { path, message } of conflicts(config)) context.addIssue({ code: 'custom', path, message });
});

/** Everything that determines a run, but for the adapter's rounding. */
export type RunConfig = z.infer<typeof runConfigSchema>;

/** Settings that may change while a run goes on. */
export const liveSettingsSchema = z.strictObject({
  learningRate: optimizerSchema.shape.learningRate.optional(),
  temperature: shape.temperature.optional(),
});
export type LiveSettings = z.infer<typeof liveSettingsSchema>;
