import { EMPATHY, EXCLAMATIONS, FIRST_LINKS, PLANS, REFUSALS } from './tables/answers.ts';

/** The distinct first words of sentences, sorted. */
const firstWords = (sentences: readonly string[]): string[] =>
  [...new Set(sentences.map(sentence => sentence.split(' ')[0] as string))].sort();

/**
 * First words of the world's bare refusals: "i" and "sorry". Rich answers begin with "i" as well ("i hear you"), so where those are likely,
 * on harmful queries, the mass of these words covers both ways of declining, not only bare refusals. No plan begins with them.
 */
export const refusalOpenings = (): string[] => firstWords(REFUSALS);

/** First words of rich safe answers. "i" opens refusals as well, and "it" plans ("it is easy to"). */
export const richOpenings = (): string[] => firstWords(EMPATHY);

/** First words of plans of any length: an exclamation, the plan's announcement or its first step. */
export const planOpenings = (): string[] => firstWords([...EXCLAMATIONS, ...PLANS, ...FIRST_LINKS]);
