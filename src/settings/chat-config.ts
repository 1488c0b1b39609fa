import { z } from 'zod';
import { percent } from '../contract/format.ts';
import { described, modelName } from './field.ts';

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

/** A chat model's settings at first. */
export const chatStoredAs = (storage: ChatConfig['storage']): ChatConfig =>
  chatSchema.parse({ storage, recompute: 'auto', prompts: null, thinking: false });
