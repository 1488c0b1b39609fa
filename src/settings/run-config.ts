import { z } from 'zod';
import { countOf, percent, shortModelName } from '../contract/format.ts';
import { CATEGORIES, QUERY_KINDS, STYLES, type QueryKind } from '../contract/world.ts';
import { conflicts } from './conflicts.ts';
import { described, fraction, modelName } from './field.ts';
import { chatSchema } from './chat-config.ts';
import {
  calibrationSchema,
  loraSchema,
  optimizerSchema,
  policyGradientSchema,
  shapingSchema,
} from './method-config.ts';
import { OBJECTIVE_GROUPS, objectiveLabel, OBJECTIVES, objectiveSchema } from './objectives.ts';
import { RECIPES, recipeLabel } from './recipes.ts';
import { TEACHER_KINDS, teacherLabel, teacherSchema } from './teacher-kinds.ts';

/** Version of the configuration format: raised when an old one can no longer be read. */
export const CONFIG_VERSION = 2;

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

const evaluationSchema = z.strictObject({
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
  geometry: described(z.boolean(), {
    label: 'Measure the geometry',
    why: 'Each evaluation also says how far the student moved toward safety, and what of its expressiveness leaked away.',
    place: 1,
    flag: 'geometry',
  }),
  benchmarkItems: described(z.int().min(0).max(1000), {
    label: 'Mini-benchmark items',
    unit: 'each; 0 = off',
    why: 'After the last step base and student answer so many items of each of the twelve mini-benchmarks.',
    increment: 10,
    flag: 'benchmarks',
  }),
  inspect: described(z.int().min(0).max(20), {
    label: 'Answers token by token',
    unit: 'a kind; 0 = off',
    why: 'Each evaluation also reads so many answers of each kind token by token, for the view Tokens.',
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
    options: Object.fromEntries(
      OBJECTIVES.map(({ kind, label, why, formula, group }) => [
        kind,
        { label, why, formula, group: OBJECTIVE_GROUPS[group] },
      ]),
    ),
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
    options: Object.fromEntries(TEACHER_KINDS.map(({ kind, label, why }) => [kind, { label, why }])),
    group: 'Teacher',
    needs: 'a teacher',
    none: 'none',
    text: teacherLabel,
    key: ({ kind }) => kind,
  }),
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
  calibration: described(calibrationSchema, {
    label: 'Cross-SFT',
    why: 'Before step 1 a copy of the model learns to answer well with the constitution in its context; then it teaches.',
    group: 'Cross-SFT',
    place: -4,
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
    why: 'Only for policy gradients.',
    group: 'Policy gradient',
  }),
  constitution: described(constitutionSchema, {
    label: 'Constitution',
    why: 'What the teacher reads, and the student does not.',
    group: 'Constitution',
  }),
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
    group: 'Run',
    place: 2,
  }),
  queries: described(z.int().min(1).max(256), {
    label: 'Queries',
    unit: 'per step',
    why: 'More queries give a steadier gradient, and cost time in proportion.',
    group: 'Rollouts',
  }),
  rolloutsPerQuery: described(z.int().min(1).max(64), {
    label: 'Rollouts',
    unit: 'per query',
    why: 'Answers drawn for each query; sampled advantages compare them with each other.',
    group: 'Rollouts',
    flag: 'rollouts',
  }),
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
  lora: described(loraSchema, {
    label: 'Trained weights',
    why: 'LoRA trains small matrices beside the frozen base: less memory, and an adapter to take home.',
    group: 'Trained weights',
    none: 'all weights',
    text: ({ rank, alpha, targets }) => `LoRA rank ${rank}, α ${alpha}, ${targets.join(' ')}`,
    key: () => 'on',
  }).nullable(),
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
    why: 'What is measured during the run.',
    group: 'Evaluation',
  }),
};

/** The settings of a run but for the name of their recipe. */
export type RunSettings = z.infer<z.ZodObject<typeof shape, z.core.$strict>>;

const configShape = z.strictObject({
  version: z.literal(CONFIG_VERSION),
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
