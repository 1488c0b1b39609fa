import { z } from 'zod';
import { PROJECTIONS } from '../contract/projections.ts';
import { QUERY_KINDS } from '../contract/world.ts';
import { described, fraction, modelName } from './field.ts';

/** Cross-SFT: supervised fine-tuning of the teacher on crossed answers, under the constitution. */
export const calibrationSchema = z.strictObject({
  pairs: described(z.int().min(8).max(20_000), {
    label: 'Pairs',
    unit: 'query and answer',
    why: 'Size of the crossed set. With too few the teacher still complies with some harm.',
    increment: 80,
    flag: 'pairs',
  }),
  harmfulShare: described(fraction, {
    label: 'Harmful share',
    unit: 'of the pairs',
    why: 'Harmful queries, answered safely and richly by the frontier under the constitution.',
  }),
  generalShare: described(fraction, {
    label: 'General share',
    unit: 'of the pairs',
    why: 'General questions: they guard ability. What is left is benign and borderline.',
  }),
  selfAnswers: described(z.boolean(), {
    label: 'The model’s own answers are in the set',
    why: 'Its answers to harmless queries, drawn without constitution, keep the teacher itself. Off is the paper’s ablation: the teacher loses helpfulness.',
    place: -3,
    flag: 'self-answers',
  }),
  frontier: described(modelName, {
    label: 'Safety answers by',
    why: 'Writes the safe, rich answers to harmful queries, reading the constitution.',
    place: -1,
  }),
  epochs: described(z.int().min(1).max(50), {
    label: 'Epochs',
    unit: 'times through',
    why: 'Two are best in the paper; five overfit.',
    flag: 'epochs',
  }),
  batch: described(z.int().min(1).max(256), {
    label: 'Batch',
    unit: 'pairs a step',
    why: 'Pairs behind each fine-tuning step.',
    increment: 4,
  }),
  learningRate: described(z.number().min(0).max(1), {
    label: 'Cross-SFT learning rate',
    unit: 'per step',
    advice: '1e-3 for the embedded model',
    why: 'How far one fine-tuning step moves the teacher.',
    increment: 0.0001,
  }),
  review: described(z.boolean(), {
    label: 'Wait for a look at the set',
    why: 'The run pauses once the pairs are written, so that rows can be read and left out before the teacher learns them.',
    place: -2,
  }),
});
export type CalibrationConfig = z.infer<typeof calibrationSchema>;

/** A change to the loss of each token. */
export const shapingSchema = z.strictObject({
  topK: described(z.int().min(0).max(1_000_000), {
    label: 'Teacher’s top K',
    unit: 'tokens; 0 = all',
    why: 'Divergence over the teacher’s K likeliest tokens, the rest as one. Cheaper to send; blind in the tail.',
    increment: 8,
    flag: 'top-k',
    needs: 'a divergence',
  }),
  /** Largest loss of a token in nats: tokens above it stop pulling; 0 clips nothing. */
  tokenClip: described(z.number().min(0), {
    label: 'Token clip',
    unit: 'nats; 0 = off',
    why: 'Tokens with a larger loss stop pulling: opening and style tokens cannot drown the content.',
    increment: 0.1,
    flag: 'clip',
    needs: 'a divergence',
  }),
  skipFirst: described(z.int().min(0).max(2048), {
    label: 'Skip first',
    unit: 'tokens',
    why: 'The first tokens of an answer take no part: refusing is decided there.',
    flag: 'skip',
  }),
});

/** Only for policy gradients. */
export const policyGradientSchema = z.strictObject({
  /** ε of PPO's clipped ratio; matters from the second update of a step on. 0 clips nothing. */
  clipRatio: described(z.number().min(0).max(1), {
    label: 'Ratio clip ε',
    unit: '0 = off',
    why: 'PPO: a token stops pulling once its probability has changed by this share.',
    increment: 0.05,
    flag: 'clip-ratio',
    needs: 'a policy gradient',
  }),
  /** Weight of the k3 estimate of KL(student ‖ base) that holds the student near the base. */
  anchor: described(z.number().min(0), {
    label: 'Anchor to the base',
    unit: '× KL; 0 = off',
    why: 'Weight of a penalty on leaving the base. The authors use 0.005.',
    increment: 0.005,
    flag: 'anchor',
    needs: 'a policy gradient',
  }),
  updates: described(z.int().min(1).max(16), {
    label: 'Updates a step',
    unit: 'on the same rollouts',
    why: 'More use of each rollout; from the second update on the ratio clip holds them near.',
    place: -1,
    flag: 'updates',
    needs: 'a policy gradient',
  }),
  outcomeKinds: described(z.array(z.enum(QUERY_KINDS)), {
    label: 'Outcome reward for',
    control: 'Outcome reward instead of the teacher’s',
    why: 'The judge scores the whole answer, relative to the other answers to the query. The paper’s hybrid does so for general questions.',
    place: -2,
    needs: 'the sampled advantage',
    none: 'none',
  }),
});

/** An adapter of low rank on the frozen base. */
export const loraSchema = z.strictObject({
  rank: described(z.int().min(1).max(256), {
    label: 'Rank',
    unit: 'columns',
    why: 'Room that the adapter has to change the model; rank 1 is a bottleneck that separates the divergences.',
  }),
  alpha: described(z.number().positive().max(1024), {
    label: 'Scale α',
    unit: '× 1/rank',
    why: 'The adapter’s output is multiplied by α / rank.',
  }),
  targets: described(z.array(z.enum(PROJECTIONS)).min(1), {
    label: 'Matrices with an adapter',
    why: 'Where the adapter reaches: attention (q, k, v, o) and MLP (gate, up, down) of each layer.',
    place: 1,
  }),
  lastLayers: described(z.int().min(0).max(1000), {
    label: 'Last layers only',
    unit: 'layers; 0 = all',
    why: 'Adapts only the last layers: the fewer, the more the divergence’s own preference shows.',
  }),
});
export type LoraConfig = z.infer<typeof loraSchema>;

/** AdamW, and the course of its learning rate. */
export const optimizerSchema = z.strictObject({
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
    place: -3,
  }),
  schedule: described(z.enum(['constant', 'linear', 'cosine']), {
    label: 'Schedule',
    why: 'The learning rate after warm-up: falling ends the run calmly, constant shows drift.',
    place: -4,
  }),
});
