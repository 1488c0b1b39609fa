/** Thinking that is closed, that never ends, and that began in the prompt. */
const CLOSED = /<(think|thinking)>[\s\S]*?<\/\1>/gi;
const UNCLOSED = /<(?:think|thinking)>[\s\S]*$/i;
const BEGUN_IN_PROMPT = /^[\s\S]*<\/(?:think|thinking)>/i;

/** The visible part of an answer: without thinking blocks, trimmed. Truncated thinking leaves nothing. */
export const withoutThinking = (answer: string): string =>
  answer.replace(CLOSED, '').replace(UNCLOSED, '').replace(BEGUN_IN_PROMPT, '').trim();

/**
 * A text with one form of each quotation mark and apostrophe, without Markdown's emphasis and headings, with single spaces and at most one
 * line break in a row. Case is kept.
 */
export const plainText = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u02bc\u2032`\u00b4]/g, "'")
    .replace(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"')
    .replace(/[*_#>]+/g, ' ')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim();

/** Words of a text: runs of letters, digits, apostrophes and hyphens, and every character of scripts without spaces between words. */
export const countWords = (text: string): number =>
  text.match(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}'’-])+/gu,
  )?.length ?? 0;
