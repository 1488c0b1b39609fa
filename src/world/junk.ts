import type { Rng } from './rng.ts';
import { COMMON_WORDS } from './tables/clauses.ts';

const ONSETS = 'b c d f g h j k l m n p r s t v w z st tr ch th'.split(' ');
const VOWELS = 'a e i o u ou ea'.split(' ');
const CODAS = 'n r s t l d'.split(' ');

/** First and last code points of the scripts of out-of-vocabulary words, so that byte tokens occur in training. */
const SCRIPTS: readonly (readonly [number, number])[] = [
  [0xe0, 0xf6],
  [0x3b1, 0x3c9],
  [0x430, 0x44f],
  [0x5d0, 0x5ea],
  [0x628, 0x63a],
  [0x905, 0x939],
  [0x3042, 0x3093],
  [0x4e00, 0x9fa5],
  [0xac00, 0xd7a3],
  [0x1f300, 0x1f64f],
];

function pseudoWord(rng: Rng): string {
  const syllables = Array.from({ length: 1 + rng.int(3) }, () => {
    const start = rng.pick(ONSETS) + rng.pick(VOWELS);
    return rng.chance(0.4) ? start + rng.pick(CODAS) : start;
  });
  return syllables.join('');
}

function foreignWord(rng: Rng): string {
  const [first, last] = rng.pick(SCRIPTS);
  const letters = Array.from({ length: 1 + rng.int(3) }, () => first + rng.int(last - first + 1));
  return String.fromCodePoint(...letters);
}

/** A meaningless clause: 2–6 common words, pseudo-words and now and then a word or number in another script. */
export function junkClause(rng: Rng): string {
  const words = Array.from({ length: 2 + rng.int(5) }, () => {
    const u = rng.float();
    if (u < 0.5) return rng.pick(COMMON_WORDS);
    if (u < 0.9) return pseudoWord(rng);
    return u < 0.95 ? String(20 + rng.int(10000)) : foreignWord(rng);
  });
  return `${words.join(' ')} .`;
}
