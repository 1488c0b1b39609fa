/** A text as a sequence of tokens: ids or words. */
export type Tokens = ArrayLike<number> | readonly string[];

/** N-grams of BLEU-4: one to four tokens, weighted alike. */
const ORDER = 4;
/** Matches counted for an order without any: the first smoothing of Chen & Cherry (2014), which Texygen uses too. */
const EPSILON = 0.1;
/** Most texts compared. */
const DEFAULT_MOST = 128;

type Counts = Map<string, number>;

/** Largest count of an n-gram in any one text, the text that has it, and the largest count in the others. */
interface Peak {
  most: number;
  owner: number;
  second: number;
}

/** counts[n − 1]: how often each n-gram occurs. */
function ngramCounts(tokens: Tokens): Counts[] {
  return Array.from({ length: ORDER }, (_, index) => {
    const counts: Counts = new Map();
    for (let start = 0; start + index < tokens.length; start++) {
      const gram = Array.from({ length: index + 1 }, (_gap, i) => tokens[start + i]).join(' ');
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
    return counts;
  });
}

/** The reference side of BLEU, built once for all texts: the peak of every n-gram, with its owner left out on demand. */
function peaksOf(texts: readonly (readonly Counts[])[]): Map<string, Peak>[] {
  return Array.from({ length: ORDER }, (_, index) => {
    const peaks = new Map<string, Peak>();
    for (const [owner, counts] of texts.entries()) {
      for (const [gram, count] of counts[index]!) {
        const peak = peaks.get(gram);
        if (!peak) peaks.set(gram, { most: count, owner, second: 0 });
        else if (count > peak.most) Object.assign(peak, { most: count, owner, second: peak.most });
        else peak.second = Math.max(peak.second, count);
      }
    }
    return peaks;
  });
}

/** The length nearest to `length`; the shorter one where two are equally near. */
function nearest(length: number, lengths: readonly number[]): number {
  return lengths.reduce((best, other) => {
    const gain = Math.abs(best - length) - Math.abs(other - length);
    return gain > 0 || (gain === 0 && other < best) ? other : best;
  });
}

function score(
  length: number,
  referenceLength: number,
  matches: (order: number) => { matched: number; total: number },
): number {
  if (length === 0) return 0;
  let logPrecision = 0;
  for (let order = 0; order < ORDER; order++) {
    const { matched, total } = matches(order);
    if (order === 0 && matched === 0) return 0;
    logPrecision += Math.log((matched || EPSILON) / Math.max(1, total)) / ORDER;
  }
  return Math.exp(Math.min(0, 1 - referenceLength / length) + logPrecision);
}

function clippedMatches(counts: Counts, most: (gram: string) => number): { matched: number; total: number } {
  let matched = 0;
  let total = 0;
  for (const [gram, count] of counts) {
    matched += Math.min(count, most(gram));
    total += count;
  }
  return { matched, total };
}

/**
 * Sentence BLEU-4 (Papineni et al. 2002): min(1, e^(1 − r/c)) · Π_n p_n^(1/4), with p_n the clipped n-gram precision, c the
 * length and r the length of the nearest reference. An order without a match counts 0.1 matches (Chen & Cherry 2014, smoothing
 * 1), and one without any n-gram 0.1 of 1; a text that shares no token with a reference scores 0. The convention is that of
 * NLTK's `sentence_bleu` with `SmoothingFunction().method1`.
 * @throws RangeError without a reference.
 */
export function bleu(text: Tokens, references: readonly Tokens[]): number {
  if (references.length === 0) throw new RangeError('bleu: no reference.');
  const counts = ngramCounts(text);
  const peaks = peaksOf(references.map(ngramCounts));
  const lengths = references.map(reference => reference.length);
  return score(text.length, nearest(text.length, lengths), order =>
    clippedMatches(counts[order]!, gram => peaks[order]!.get(gram)?.most ?? 0),
  );
}

/**
 * Self-BLEU (Zhu et al. 2018): the mean over texts of BLEU-4 with all the other texts as references. Near 1 where texts repeat each other.
 * It grows with the number of texts, so compare sets of equal size: of more than `most` texts, that many evenly spaced ones are taken,
 * which needs no random numbers. Linear in the number of tokens.
 * @throws RangeError for fewer than two texts.
 */
export function selfBleu(texts: readonly Tokens[], most = DEFAULT_MOST): number {
  if (texts.length < 2 || most < 2)
    throw new RangeError(`selfBleu: ${texts.length} texts, at least 2 needed.`);
  const taken = thin(texts, most);
  const counts = taken.map(ngramCounts);
  const peaks = peaksOf(counts);
  const lengths = taken.map(text => text.length);
  const scores = taken.map((text, own) => {
    const others = lengths.filter((_, index) => index !== own);
    return score(text.length, nearest(text.length, others), order =>
      clippedMatches(counts[own]![order]!, gram => {
        const { most: all, owner, second } = peaks[order]!.get(gram)!;
        return owner === own ? second : all;
      }),
    );
  });
  return scores.reduce((sum, value) => sum + value, 0) / scores.length;
}

/** Diversity of the paper's figures: 1 − Self-BLEU. */
export const diversity = (texts: readonly Tokens[], most = DEFAULT_MOST): number => 1 - selfBleu(texts, most);

function thin(texts: readonly Tokens[], most: number): readonly Tokens[] {
  if (texts.length <= most) return texts;
  return Array.from({ length: most }, (_, i) => texts[Math.floor((i * texts.length) / most)]!);
}
