import { z } from 'zod';
import { PROJECTIONS } from '../contract/projections.ts';
import { QUERY_KINDS } from '../contract/world.ts';
import { described, fraction, modelName } from './field.ts';

/** Cross-SFT: supervised fine-tuning of the teacher on crossed answers, under the constitution. */
export const calibrationSchema = z.strictObject({
  /** Pairs of the crossed set; `harmfulShare` of them harmful queries, `generalShare` general ones. */
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
    increment: 0.05,
  }),
  generalShare: described(fraction, {
    label: 'General share',
    unit: 'of the pairs',
    why: 'General questions: they guard ability. What is left is benign and borderline.',
    increment: 0.05,
  }),
  /** Whether the student's own answers to harmless queries are in it; without them only the frontier's are (ablation). */
  selfAnswers: described(z.boolean(), {
    label: 'The model’s own answers are in the set',
    why: 'Its answers to harmless queries, drawn without constitution, keep the teacher itself. Off is the paper’s ablation: the teacher loses helpfulness.',
    place: -3,
    flag: 'self-answers',
  }),
  /** The model that writes the safety answers. */
  frontier: described(modelName, {
    label: 'Safety answers by',
    why: 'Writes the safe, rich answers to harmful queries, reading the constitution.',
    place: -1,
  }),
  epochs: described(z.int().min(1).max(50), {
    label: 'Epochs',
    unit: 'times through',
    why: 'Two are best in the paper; five overfit.',
    increment: 1,
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
  /** Pause once the set is there, so that rows can be looked at and dropped before the teacher learns from them. */
  review: described(z.boolean(), {
    label: 'Wait for a look at the set',
    why: 'The run pauses once the pairs are written, so that rows can be read and left out before the teacher learns them.',
    place: -2,
  }),
});
export type CalibrationConfig = z.infer<typeof calibrationSchema>;

/** A change to the loss of each token. */
export const shapingSchema = z.strictObject({
  /** Divergence over the teacher's K most likely tokens and one bucket for the rest; 0 is the whole vocabulary. */
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
  /** Response tokens at the beginning that take no part. */
  skipFirst: described(z.int().min(0).max(2048), {
    label: 'Skip first',
    unit: 'tokens',
    why: 'The first tokens of an answer take no part: refusing is decided there.',
    increment: 1,
    flag: 'skip',
  }),
});

/** Of policy gradients alone. */
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
  /** Optimiser updates on the same rollouts. */
  updates: described(z.int().min(1).max(16), {
    label: 'Updates a step',
    unit: 'on the same rollouts',
    why: 'More use of each rollout; from the second update on the ratio clip holds them near.',
    increment: 1,
    place: -1,
    flag: 'updates',
    needs: 'a policy gradient',
  }),
  /** Kinds whose answers take the judge's outcome reward instead of the teacher's dense one (hybrid). */
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
    increment: 1,
  }),
  alpha: described(z.number().positive().max(1024), {
    label: 'Scale α',
    unit: '× 1/rank',
    why: 'The adapter’s output is multiplied by α / rank.',
    increment: 1,
  }),
  targets: described(z.array(z.enum(PROJECTIONS)).min(1), {
    label: 'Matrices with an adapter',
    why: 'Where the adapter reaches: attention (q, k, v, o) and MLP (gate, up, down) of each layer.',
    place: 1,
  }),
  /** Adapt the last so many layers; 0 adapts all. */
  lastLayers: described(z.int().min(0).max(1000), {
    label: 'Last layers only',
    unit: 'layers; 0 = all',
    why: 'Adapts the last layers alone: the narrower, the more the divergence’s taste shows.',
    increment: 1,
  }),
});
export type LoraConfig = z.infer<typeof loraSchema>;
