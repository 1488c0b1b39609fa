const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const NUMBERS: ReadonlyMap<string, string> = new Map([
  ...SMALL.split(' ').map((word, value) => [word, String(value)] as const),
  ...TENS.map((word, index) => [word, String(10 * (index + 2))] as const),
]);

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;
const ARTICLES = new Set(['a', 'an', 'the']);

/** "One" counts as a number where it ends a clause; elsewhere it is mostly a pronoun. */
const LONE_ONE = /\bone(?=\s*(?:[.,;:!?)\n]|$))/g;

/**
 * The words of a text, normalised for comparison: lower case without Latin accents; numbers in digits, without thousands separators and
 * trailing decimal zeros, keeping sign, point, fraction bar and colon; no other punctuation; units separated from their numbers.
 */
function words(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .toLowerCase()
    .replace(LONE_ONE, '1')
    .replace(/(\d)[,\u00a0\u202f](?=\d{3}(?!\d))/g, '$1')
    .replace(/(\d+\.\d*?)0+(?!\d)/g, '$1')
    .replace(/(\d)\.(?!\d)/g, '$1 ')
    .replace(/['\u2019]/g, '')
    .replace(/[\u2212\u2013](?=\d)/g, '-')
    .replace(UNSPACED, ' $& ')
    .replace(/(?<=\d)(?=\p{L})/gu, ' ')
    .replace(/(?<![\p{L}\p{N}])-(?=\d)|(?<=\d)[./:](?=\d)|[^\p{L}\p{M}\p{N}]/gu, mark =>
      /[-./:]/.test(mark) ? mark : ' ',
    )
    .split(/\s+/)
    .filter(word => word !== '')
    .map(word => (word === 'one' ? word : (NUMBERS.get(word) ?? word)));
}

/**
 * Whether an answer contains the reference: its words, without articles, adjacent and in order, as normalised by `words`. A number matches
 * only itself: 12 is not found in 120, nor in 1.2.
 */
export function containsReference(answer: string, reference: string): boolean {
  const sought = meaningful(reference);
  if (sought.length === 0) return false;
  return ` ${meaningful(answer).join(' ')} `.includes(` ${sought.join(' ')} `);
}

const meaningful = (text: string): string[] => words(text).filter(word => !ARTICLES.has(word));
