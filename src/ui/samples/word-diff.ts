/** A word of an answer, and whether the answer it is compared with has it in the same order. */
interface DiffWord {
  readonly word: string;
  readonly shared: boolean;
}

/** Longest answers compared word by word; beyond that the comparison's table would be too large. */
const COMPARED_WORDS = 400;

/** The words of `text`, each marked as shared with `other` or not: a longest common subsequence. */
function diffWords(text: string, other: string): readonly DiffWord[] {
  const mine = text.split(/\s+/).filter(Boolean);
  const theirs = other.split(/\s+/).filter(Boolean);
  if (mine.length > COMPARED_WORDS || theirs.length > COMPARED_WORDS)
    return mine.map(word => ({ word, shared: true }));
  const width = theirs.length + 1;
  const longest = new Uint16Array((mine.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = mine.length - 1; i >= 0; i -= 1)
    for (let j = theirs.length - 1; j >= 0; j -= 1)
      longest[i * width + j] =
        mine[i] === theirs[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const words: DiffWord[] = [];
  let j = 0;
  for (const [i, word] of mine.entries()) {
    while (j < theirs.length && word !== theirs[j] && at(i, j + 1) >= at(i + 1, j)) j += 1;
    const shared = j < theirs.length && word === theirs[j];
    if (shared) j += 1;
    words.push({ word, shared });
  }
  return words;
}

/** Consecutive words that are all shared or all not. */
export interface DiffRun {
  readonly text: string;
  readonly shared: boolean;
}

/** `diffWords`, with neighbours of the same mark joined. */
export function diffRuns(text: string, other: string): readonly DiffRun[] {
  const runs: DiffRun[] = [];
  for (const { word, shared } of diffWords(text, other)) {
    const last = runs.at(-1);
    if (last?.shared === shared) runs[runs.length - 1] = { text: `${last.text} ${word}`, shared };
    else runs.push({ text: word, shared });
  }
  return runs;
}
