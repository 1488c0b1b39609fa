import { z } from 'zod';
import { liveSettingsSchema } from '../settings/run-config.ts';

const count = z.int().nonnegative();
const rolloutSchema = z
  .strictObject({
    tokens: z.array(count.max(0xffff_ffff)),
    logProbs: z.array(z.number()),
    entropies: z.array(z.number()),
  })
  .refine(
    ({ tokens, logProbs, entropies }) =>
      tokens.length === logProbs.length && tokens.length === entropies.length,
    'every token needs a log-probability and an entropy',
  );
const layoutSchema = z
  .strictObject({
    entries: z.array(
      z.strictObject({ name: z.string(), shape: z.array(count), start: count, length: count }),
    ),
    total: count,
    count,
  })
  .refine(
    ({ entries, total, count: parameters }) =>
      entries.every(
        ({ shape, start, length }) => shape.reduce((a, b) => a * b, 1) === length && start + length <= total,
      ) && entries.reduce((sum, { length }) => sum + length, 0) === parameters,
    'parameters lie outside their buffer',
  );
/** `session.json`: everything except figures and weights. */
export const sessionSchema = z.strictObject({
  step: count,
  learnerStep: count,
  weightsSha256: z.string(),
  live: z.strictObject({
    /** Kept runs of before say twice how the run began: its record has the settings. */
    learningRate: z.number().optional(),
    temperature: z.number().optional(),
    changes: z.array(liveSettingsSchema.extend({ step: count })),
    dropped: z.array(count),
  }),
  base: z.array(rolloutSchema),
  teacher: z.array(rolloutSchema),
  calibrated: z.strictObject({ layout: layoutSchema, answers: z.array(rolloutSchema) }).nullable(),
});
export type RolloutFile = z.infer<typeof rolloutSchema>;
export type LayoutFile = z.infer<typeof layoutSchema>;
export type SessionFile = z.infer<typeof sessionSchema>;
