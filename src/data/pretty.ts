const SENTENCE_END = /[.!?]$/;
const NO_BLANK_BEFORE = new Set(['.', ',', '!', '?', ':', ';', ')', ']', '}', '%', "'", '’']);
const NO_BLANK_AFTER = new Set(['(', '[', '{', '#', '@', "'", '’']);

/**
 * The world's spaced lower-case text in ordinary spelling: "sure ! i can help ." → "Sure! I can help." For display only; the tokenizer and
 * the judge treat both alike.
 */
export function prettify(spaced: string): string {
  let text = '';
  let startsSentence = true;
  let glue = true;
  for (const word of spaced.split(/\s+/).filter(part => part !== '')) {
    const written = startsSentence || word === 'i' ? word.charAt(0).toUpperCase() + word.slice(1) : word;
    text += glue || NO_BLANK_BEFORE.has(word) ? written : ` ${written}`;
    glue = NO_BLANK_AFTER.has(word);
    startsSentence = SENTENCE_END.test(word) || (startsSentence && !/[\p{L}\p{N}]/u.test(word));
  }
  return text;
}
