import { z } from 'zod';
import { QUERY_KINDS } from '../contract/world.ts';

/** A share between 0 and 1. */
export const fraction = z.number().min(0).max(1);
export const modelName = z.string().min(1).max(200);

/** The paper's method, its baselines and its probes, each a preset of the settings below (`recipes.ts`). */
export const RECIPES = [
  'sft-refuse',
  'sft-rich',
  'opd',
  'opsd',
  'opsd-gold',
  'opsd-moving',
  'grpo',
  'copsd',
  'copsd-hybrid',
  'bottleneck',
] as const;
export type RecipeName = (typeof RECIPES)[number];

export const objectiveSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reverse-kl') }),
  z.strictObject({ kind: z.literal('forward-kl') }),
  z.strictObject({ kind: z.literal('jsd'), beta: fraction }),
  z.strictObject({ kind: z.literal('skew-forward'), lambda: z.number().min(0).lt(1) }),
  z.strictObject({ kind: z.literal('skew-reverse'), lambda: z.number().min(0).lt(1) }),
  z.strictObject({ kind: z.literal('alpha'), alpha: fraction }),
  /** Policy gradient on the teacher's dense, pooled advantage. */
  z.strictObject({ kind: z.literal('sampled-advantage') }),
  /** Policy gradient on the judge's word on whole answers, relative to the query's group (GRPO); no teacher. */
  z.strictObject({ kind: z.literal('group-reward') }),
  /** Cross-entropy on given answers to the step's queries; neither rollouts nor teacher. */
  z.strictObject({ kind: z.literal('supervised'), answers: z.enum(['refuse', 'rich']) }),
]);
/** How the student is moved (docs/method.md). */
export type Objective = z.infer<typeof objectiveSchema>;

/** Divergences of the whole next-token distribution, as opposed to policy gradients and supervised learning. */
export const DIVERGENCES = [
  'reverse-kl',
  'forward-kl',
  'jsd',
  'skew-forward',
  'skew-reverse',
  'alpha',
] as const;
export type DivergenceKind = (typeof DIVERGENCES)[number];

export const isDivergenceKind = (kind: Objective['kind']): kind is DivergenceKind =>
  (DIVERGENCES as readonly string[]).includes(kind);

export const isPolicyGradient = (kind: Objective['kind']): boolean =>
  kind === 'sampled-advantage' || kind === 'group-reward';

/** Who scores the student's answers, always with the constitution in context. */
export const teacherSchema = z.discriminatedUnion('kind', [
  /** The base's own weights. */
  z.strictObject({ kind: z.literal('frozen') }),
  /** The base fine-tuned by Cross-SFT (`calibration`), then frozen. */
  z.strictObject({ kind: z.literal('calibrated') }),
  /** The student of this very step. */
  z.strictObject({ kind: z.literal('live') }),
  /** The student as it was at the last multiple of `every` steps. */
  z.strictObject({ kind: z.literal('refreshed'), every: z.int().min(1).max(100_000) }),
  /** Exponential moving average of the student: θ_T ← decay θ_T + (1 − decay) θ_S after each step. */
  z.strictObject({ kind: z.literal('ema'), decay: fraction }),
  /** Another model with the same tokenizer, run from its ONNX file. */
  z.strictObject({ kind: z.literal('external'), model: modelName }),
]);
export type TeacherConfig = z.infer<typeof teacherSchema>;

/** Cross-SFT: supervised fine-tuning of the teacher on crossed answers, under the constitution. */
export const calibrationSchema = z.strictObject({
  /** Pairs of the crossed set; `harmfulShare` of them harmful queries, `generalShare` general ones. */
  pairs: z.int().min(8).max(20_000),
  harmfulShare: fraction,
  generalShare: fraction,
  /** Whether the student's own answers to harmless queries are in it; without them only the frontier's are (ablation). */
  selfAnswers: z.boolean(),
  /** The model that writes the safety answers. */
  frontier: modelName,
  epochs: z.int().min(1).max(50),
  batch: z.int().min(1).max(256),
  learningRate: z.number().min(0).max(1),
  /** Pause once the set is there, so that rows can be looked at and dropped before the teacher learns from them. */
  review: z.boolean(),
});
export type CalibrationConfig = z.infer<typeof calibrationSchema>;

/** A change to the loss of each token. */
export const shapingSchema = z.strictObject({
  /** Divergence over the teacher's K most likely tokens and one bucket for the rest; 0 is the whole vocabulary. */
  topK: z.int().min(0).max(1_000_000),
  /** Largest loss of a token in nats: tokens above it stop pulling; 0 clips nothing. */
  tokenClip: z.number().min(0),
  /** Response tokens at the beginning that take no part. */
  skipFirst: z.int().min(0).max(2048),
});

/** Of policy gradients alone. */
export const policyGradientSchema = z.strictObject({
  /** ε of PPO's clipped ratio; matters from the second update of a step on. 0 clips nothing. */
  clipRatio: z.number().min(0).max(1),
  /** Weight of the k3 estimate of KL(student ‖ base) that holds the student near the base. */
  anchor: z.number().min(0),
  /** Optimiser updates on the same rollouts. */
  updates: z.int().min(1).max(16),
  /** Kinds whose answers take the judge's outcome reward instead of the teacher's dense one (hybrid). */
  outcomeKinds: z.array(z.enum(QUERY_KINDS)),
});
