import { z } from 'zod';
import { CATEGORIES, STYLES } from './world.ts';

/** Version of the configuration format: raised when an old one can no longer be read. */
export const CONFIG_VERSION = 1;

const fraction = z.number().min(0).max(1);

export const objectiveSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reverse-kl') }),
  z.strictObject({ kind: z.literal('forward-kl') }),
  z.strictObject({ kind: z.literal('jsd'), beta: fraction }),
  z.strictObject({ kind: z.literal('sampled-advantage') }),
]);
/** How the student is moved to the teacher (docs/method.md). */
export type Objective = z.infer<typeof objectiveSchema>;

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
});
export type LoraConfig = z.infer<typeof loraSchema>;

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

export const runConfigSchema = z
  .strictObject({
    version: z.literal(CONFIG_VERSION),
    recipe: z.enum(['opsd']),
    model: z.string().max(200),
    objective: objectiveSchema,
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
    evaluation: z.strictObject({
      /** Steps between evaluations; the first is before step 1, the last after the last step. */
      every: z.int().min(1),
      queriesPerKind: z.int().min(1).max(1000),
    }),
  })
  .refine(config => config.objective.kind !== 'sampled-advantage' || config.divergenceTemperature === 1, {
    path: ['divergenceTemperature'],
    error: 'the sampled advantage is defined at a divergence temperature of 1 only',
  });

/** Everything that determines a run, but for the adapter's rounding. */
export type RunConfig = z.infer<typeof runConfigSchema>;

/** Settings that may change while a run goes on. */
export const liveSettingsSchema = z.strictObject({
  learningRate: z.number().min(0).max(1).optional(),
  temperature: z.number().min(0.05).max(5).optional(),
});
export type LiveSettings = z.infer<typeof liveSettingsSchema>;
