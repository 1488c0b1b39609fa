import { z } from 'zod';
import {
  calibrationSchema,
  fraction,
  isDivergenceKind,
  modelName,
  objectiveSchema,
  policyGradientSchema,
  RECIPES,
  shapingSchema,
  teacherSchema,
} from './method-config.ts';
import { CATEGORIES, STYLES } from '../contract/world.ts';

/** Version of the configuration format: raised when an old one can no longer be read. */
export const CONFIG_VERSION = 2;

export const LORA_TARGETS = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
] as const;

export const loraSchema = z.strictObject({
  rank: z.int().min(1).max(256),
  alpha: z.number().positive().max(1024),
  targets: z.array(z.enum(LORA_TARGETS)).min(1),
  /** Adapt the last so many layers; 0 adapts all. */
  lastLayers: z.int().min(0).max(1000),
});
export type LoraConfig = z.infer<typeof loraSchema>;

export const WEIGHT_STORAGE = ['f32', 'f16', 'q8'] as const;

/** A text classifier as a judge of what answers to harmful prompts hold. */
export const classifierSchema = z.strictObject({
  name: modelName,
  /** Of its files. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The label that stands for harm, and the probability from which it counts. */
  label: z.string().min(1).max(200),
  threshold: z.number().gt(0).lt(1),
});
export type ClassifierConfig = z.infer<typeof classifierSchema>;

/** What a chat model needs besides; the embedded model has no use for it. */
export const chatSchema = z.strictObject({
  /** How the frozen weights are kept on the GPU: whole, as halves, or as blocks of 32 with 8 bits a weight. */
  storage: z.enum(WEIGHT_STORAGE),
  /** Whether the backward computes activations again instead of keeping them. */
  recompute: z.enum(['auto', 'always', 'never']),
  /** The set of prompts by the hash of its file; null for the starter set. */
  prompts: z
    .strictObject({ title: z.string().min(1).max(200), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
    .nullable(),
  /** Whether a model that can think aloud before it answers does so. */
  thinking: z.boolean(),
  /** Judges beside the phrases; null for phrases alone. */
  classifier: classifierSchema.nullable().default(null),
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

interface Conflict {
  readonly path: string[];
  readonly message: string;
}

/** Settings that make no sense together. */
function conflicts(config: ConfigShape): Conflict[] {
  const { objective, divergenceTemperature, teacher, calibration, shaping, policyGradient } = config;
  const found: Conflict[] = [];
  const refuse = (path: string, message: string): void => void found.push({ path: path.split('.'), message });
  if (!isDivergenceKind(objective.kind)) {
    if (divergenceTemperature !== 1)
      refuse('divergenceTemperature', `'${objective.kind}' is defined at a divergence temperature of 1 only`);
    if (shaping.topK > 0)
      refuse('shaping.topK', `top-k support belongs to divergences, not to '${objective.kind}'`);
    if (shaping.tokenClip > 0)
      refuse('shaping.tokenClip', `token clipping belongs to divergences, not to '${objective.kind}'`);
  }
  if (teacher.kind === 'calibrated' && !calibration)
    refuse('calibration', 'a calibrated teacher needs the settings of its Cross-SFT');
  if (policyGradient.outcomeKinds.length > 0 && objective.kind !== 'sampled-advantage')
    refuse('policyGradient.outcomeKinds', 'outcome rewards by query kind belong to the sampled advantage');
  if (policyGradient.outcomeKinds.length > 0 && config.rolloutsPerQuery < 2)
    refuse(
      'rolloutsPerQuery',
      'outcome rewards are relative to a query’s other answers: take at least 2 rollouts',
    );
  if (objective.kind === 'group-reward' && config.rolloutsPerQuery < 2)
    refuse('rolloutsPerQuery', 'a group reward needs at least 2 rollouts of each query');
  if (Object.values(config.mix).every(share => share === 0))
    refuse('mix', 'at least one kind of prompt needs a share');
  if (calibration && calibration.harmfulShare + calibration.generalShare > 1)
    refuse('calibration.harmfulShare', 'harmful and general shares of the crossed set exceed the whole');
  if (config.adapter !== null && !config.lora)
    refuse('lora', 'an adapter to start from needs LoRA settings of its shape');
  if (config.chat) {
    if (!config.lora && config.chat.storage !== 'f32')
      refuse('chat.storage', 'all weights are trained in f32 alone: choose LoRA, or f32 weights');
    if (config.evaluation.benchmarkItems > 0)
      refuse('evaluation.benchmarkItems', 'the mini-benchmarks are of the embedded world: set 0 items');
    if (config.evaluation.geometry)
      refuse(
        'evaluation.geometry',
        'the geometry’s reference answers are of the embedded world: switch it off',
      );
  }
  return found;
}

const configShape = z.strictObject({
  version: z.literal(CONFIG_VERSION),
  /** The preset that the settings were made from; it has no effect of its own. */
  recipe: z.enum(RECIPES),
  model: modelName,
  objective: objectiveSchema,
  teacher: teacherSchema,
  /** What the teacher reads before the query besides nothing: the constitution, or also the frontier's answer to the query. */
  teacherContext: z.enum(['constitution', 'constitution+gold']),
  /** Cross-SFT before the run; needed by a calibrated teacher. */
  calibration: calibrationSchema.nullable(),
  shaping: shapingSchema,
  policyGradient: policyGradientSchema,
  constitution: constitutionSchema,
  /** Optimiser steps of the whole run. */
  steps: z.int().min(1).max(100_000),
  seed: z.int().min(0).max(0xffff_ffff),
  /** Queries a step, and independent rollouts of each. */
  queries: z.int().min(1).max(256),
  rolloutsPerQuery: z.int().min(1).max(64),
  /** Most tokens that a rollout may take. */
  maxNewTokens: z.int().min(1).max(2048),
  /** Sampling of rollouts. `topK` 0 and `topP` 1 keep the whole distribution. */
  temperature: z.number().min(0.05).max(5),
  topK: z.int().min(0),
  topP: fraction.refine(p => p > 0, 'topP must be over 0'),
  /** τ by which both models' logits are divided inside the divergence. */
  divergenceTemperature: z.number().min(0.05).max(10),
  /** Shares of the query kinds in a step. */
  mix: z.strictObject({ benign: fraction, borderline: fraction, harmful: fraction, general: fraction }),
  optimizer: z.strictObject({
    learningRate: z.number().min(0).max(1),
    beta1: fraction,
    beta2: fraction,
    epsilon: z.number().positive(),
    weightDecay: z.number().min(0).max(1),
    /** Largest global gradient norm; 0 clips nothing. */
    clipNorm: z.number().min(0),
    warmupSteps: z.int().min(0),
    schedule: z.enum(['constant', 'linear', 'cosine']),
  }),
  /** Train an adapter on the frozen base instead of all weights. */
  lora: loraSchema.nullable(),
  /** An adapter that was brought along, to start from; null for a fresh one. */
  adapter: modelName.nullable().default(null),
  /** How a chat model is stored, prompted and judged; null for the embedded model. */
  chat: chatSchema.nullable().default(null),
  evaluation: z.strictObject({
    /** Steps between evaluations; the first is before step 1, the last after the last step. */
    every: z.int().min(1),
    queriesPerKind: z.int().min(1).max(1000),
    /** Whether each evaluation also measures the geometry (docs/method.md). */
    geometry: z.boolean(),
    /** Items of each mini-benchmark that base and student answer after the last step; 0 leaves them out. */
    benchmarkItems: z.int().min(0).max(1000),
    /** Held-out queries of each kind whose answers are inspected token by token; 0, as in older files, leaves that out. */
    inspect: z.int().min(0).max(20).default(0),
  }),
});
type ConfigShape = z.infer<typeof configShape>;

export const runConfigSchema = configShape.superRefine((config, context) => {
  for (const { path, message } of conflicts(config)) context.addIssue({ code: 'custom', path, message });
});

/** Everything that determines a run, but for the adapter's rounding. */
export type RunConfig = z.infer<typeof runConfigSchema>;

/** Settings that may change while a run goes on. */
export const liveSettingsSchema = z.strictObject({
  learningRate: z.number().min(0).max(1).optional(),
  temperature: z.number().min(0.05).max(5).optional(),
});
export type LiveSettings = z.infer<typeof liveSettingsSchema>;
