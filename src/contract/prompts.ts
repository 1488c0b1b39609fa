import { z } from 'zod';
import { CATEGORIES, QUERY_KINDS } from './world.ts';

/** Limits of a file of prompts. Lengths are in UTF-16 units. */
export const PROMPT_LIMITS = {
  fileBytes: 32 * 1024 * 1024,
  lineBytes: 256 * 1024,
  rows: 10_000,
  messages: 64,
  contentLength: 64_000,
  referenceLength: 4000,
} as const;

export const chatMessageSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string().min(1).max(PROMPT_LIMITS.contentLength),
});
/** One turn of a chat. */
export type ChatMessage = Readonly<z.infer<typeof chatMessageSchema>>;

/** Which part of a set a prompt belongs to; held-out prompts are never trained on. */
export const PROMPT_SPLITS = ['train', 'heldout'] as const;
export type PromptSplit = (typeof PROMPT_SPLITS)[number];

export const promptRowSchema = z.strictObject({
  /** Line of the file, from 1. */
  line: z.int().min(1),
  /** The conversation so far; the last message is the user's. */
  messages: z.array(chatMessageSchema).min(1).max(PROMPT_LIMITS.messages),
  kind: z.enum(QUERY_KINDS),
  category: z.enum(CATEGORIES),
  /** The correct answer to a general question, or a good answer to another prompt; null if none was given. */
  reference: z.string().min(1).max(PROMPT_LIMITS.referenceLength).nullable(),
  split: z.enum(PROMPT_SPLITS),
});
/** A prompt in natural language, with its metadata. */
export type PromptRow = z.infer<typeof promptRowSchema>;

const countsSchema = z.strictObject({ train: z.int().min(0), heldout: z.int().min(0) });

export const promptSetSchema = z.strictObject({
  title: z.string().min(1).max(200),
  /** Of the file's bytes, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  rows: z.array(promptRowSchema).min(1).max(PROMPT_LIMITS.rows),
  /** Rows by kind and split. */
  counts: z.record(z.enum(QUERY_KINDS), countsSchema),
  /** What was assumed or changed while reading the file, to be shown. */
  notes: z.array(z.string()),
});
/** A file of prompts, read and checked. */
export type PromptSet = z.infer<typeof promptSetSchema>;
