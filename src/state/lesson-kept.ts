import { z } from 'zod';
import type { Fault } from '../contract/errors.ts';
import { figuresSchema, findingSchema } from './lesson-findings.ts';
import { STEP_IDS } from './lesson-link.ts';
import { DIRECTIONS } from './lesson-predictions.ts';

const KEY = 'copsd-lesson';
/** Where text that could not be read is put aside. */
const ASIDE = 'copsd-lesson-unread';
/** Most characters of one note. */
export const NOTE_LENGTH = 2000;
/** Nothing that this page wrote is longer. */
const MOST_CHARACTERS = 200_000;

const direction = z.enum(DIRECTIONS).nullable();
const keptSchema = z.strictObject({
  version: z.literal(1),
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
  version: 1,
  step: 'predict',
  done: [],
  predictions: { length: null, borderline: null, entropy: null },
  readings: { length: null, borderline: null },
  baseline: null,
  notes: {},
  findings: { train: null, ablate: null, copsd: null },
};

export type KeptStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** The browser's own storage, or null where it is forbidden. */
export function browserStorage(): KeptStorage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

interface Read {
  readonly kept: Kept;
  readonly fault: Fault | null;
}

function parse(text: string): Kept | null {
  if (text.length > MOST_CHARACTERS) return null;
  try {
    return keptSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** What was kept, or a fresh lesson. Text that cannot be read is put aside, not thrown away. */
export function readKept(storage: KeptStorage | null): Read {
  try {
    const text = storage?.getItem(KEY) ?? null;
    if (text === null) return { kept: FRESH, fault: null };
    const kept = parse(text);
    if (kept) return { kept, fault: null };
    storage?.setItem(ASIDE, text);
    return {
      kept: FRESH,
      fault: {
        code: 'E_LESSON_KEPT',
        message: 'what this browser keeps of a lesson is damaged, or of another version of the page',
        consequence: `The lesson begins anew; the old text stays in the browser’s storage as “${ASIDE}”.`,
        nextStep: 'Go through the lesson again, or restore the text by hand.',
      },
    };
  } catch {
    return { kept: FRESH, fault: null };
  }
}

/** Returns whether the browser took it. */
export function writeKept(storage: KeptStorage | null, kept: Kept): boolean {
  try {
    storage?.setItem(KEY, JSON.stringify(kept));
    return storage !== null;
  } catch {
    return false;
  }
}
