import type { Category } from './world.ts';

/** Whose reading of a constitution is asked for: the teacher's under settings that need not be those of a run. */
export interface ConstitutionReader {
  readonly model: string;
  /** Whether a chat model thinks aloud before it answers. */
  readonly thinking: boolean;
  /** Whether the teacher is given a good answer too. */
  readonly gold: boolean;
}

/** How a model reads a constitution. */
export interface ConstitutionReading {
  /** Of all clauses that are on. */
  readonly tokens: number;
  /** What the teacher is given for a query of each category: the embedded model the clauses, a chat model its whole prompt, with … for the query. */
  readonly routed: Readonly<Record<Category, { readonly text: string; readonly tokens: number }>>;
  readonly unknownWords: readonly string[];
}
