import { REFUSALS } from './tables/answers.ts';

/** The distinct first words of sentences, sorted. */
export const firstWords = (sentences: readonly string[]): string[] =>
  [...new Set(sentences.map(sentence => sentence.split(' ')[0] as string))].sort();

/**
 * First words of the world's bare refusals: "i" and "sorry". Rich answers begin with "i" as well ("i hear you"), so where those are likely,
 * on harmful queries, the mass of these words covers both ways of declining, not only bare refusals. No plan begins with them.
 */
export const refusalOpenings = (): string[] => firstWords(REFUSALS);
