import { diffArrays } from 'diff';

/** Words in a row that the text it is compared with has in the same order, or that it lacks. */
export interface DiffRun {
  readonly text: string;
  readonly shared: boolean;
}

/** Answers that differ in more words are compared no further: the page waits for this. */
const MOST_EDITS = 800;

const wordsOf = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/** The words of `text` in runs, each marked as shared with `other` or not (Myers 1986: a longest common subsequence). */
export function diffRuns(text: string, other: string): readonly DiffRun[] {
  const words = wordsOf(text);
  const changes = diffArrays(wordsOf(other), words, { maxEditLength: MOST_EDITS });
  if (!changes) return [{ text: words.join(' '), shared: true }];
  return changes
    .filter(({ removed }) => !removed)
    .map(({ value, added }) => ({ text: value.join(' '), shared: !added }));
}
