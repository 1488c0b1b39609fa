import { z } from 'zod';
import { figuresSchema, findingSchema } from './findings.ts';
import { STEP_IDS } from './link.ts';
import { DIRECTIONS } from './predictions.ts';
import { storedValue } from '../page/stored-value.ts';

/** Most characters of one note. */
export const NOTE_LENGTH = 2000;

const direction = z.enum(DIRECTIONS).nullable();
const keptSchema = z.strictObject({
  step: z.enum(STEP_IDS),
  done: z.array(z.enum(STEP_IDS)).max(STEP_IDS.length),
  predictions: z.strictObject({ length: direction, borderline: direction, entropy: direction }),
  readings: z.strictObject({
    length: z.number().min(0).max(100_000).nullable(),
    borderline: z.number().min(0).max(100).nullable(),
  }),
  /** The base that the readings were taken of. */
  baseline: z.strictObject({ label: z.string().max(300), figures: figuresSchema }).nullable(),
  notes: z.partialRecord(z.enum(STEP_IDS), z.string().max(NOTE_LENGTH)),
  findings: z.strictObject({
    train: findingSchema.nullable(),
    ablate: findingSchema.nullable(),
    copsd: findingSchema.nullable(),
  }),
});

/** A learner's lesson as it is kept in the browser. */
export type Kept = z.infer<typeof keptSchema>;

export const FRESH: Kept = {
  step: 'predict',
  done: [],
  predictions: { length: null, borderline: null, entropy: null },
  readings: { length: null, borderline: null },
  baseline: null,
  notes: {},
  findings: { train: null, ablate: null, copsd: null },
};

export const storedLesson = storedValue<Kept>({
  key: 'copsd-lesson',
  version: 1,
  schema: keptSchema,
  code: 'E_LESSON_KEPT',
  what: 'the lesson that this browser keeps',
  consequence: 'The lesson begins anew.',
  nextStep: 'Go through the lesson again, or restore the text by hand.',
});
