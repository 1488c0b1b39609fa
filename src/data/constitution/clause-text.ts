import { lineOf, refuse } from './faults.ts';

/** Longest clause, in UTF-16 units, and most clauses: the limits of the run configuration. */
const MAX_CLAUSE_LENGTH = 2000;
export const MAX_CLAUSES = 200;

interface Check {
  readonly code: string;
  readonly pattern: RegExp;
  readonly message: string;
  readonly nextStep: string;
}

const AS_WORDS = 'Write the rule in plain words and import again.';

const CHECKS: readonly Check[] = [
  {
    code: 'CONTROL_TOKEN',
    pattern: /<\|[^|<>\n]{1,60}\|>|<\/?s>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:pad|bos|eos|sys|user|asst|unk)>/i,
    message: 'The text holds a chat control token',
    nextStep: AS_WORDS,
  },
  {
    code: 'HTML',
    pattern: /<(?:[a-z][a-z0-9:-]*(?:[\s/>]|$)|\/[a-z]|!--|!doctype|\?)/i,
    message: 'The text holds HTML',
    nextStep: AS_WORDS,
  },
  {
    code: 'LINK',
    pattern: /(?:javascript|vbscript|data|file|blob)\s{0,8}:\s{0,8}\S{0,80}?[/(,;]/i,
    message: 'The text holds a link that could run or load something',
    nextStep: 'Delete the link and import again.',
  },
  {
    code: 'IMAGE',
    pattern: /!\[[^\]\n]{0,200}\][([]/,
    message: 'The text holds an image',
    nextStep: 'Delete the image and import again.',
  },
];

/** Refuses what has no place in a rule, anywhere in a text: control tokens, HTML, active links, images. */
export function refuseActiveContent(file: string, text: string, place?: string): void {
  for (const { code, pattern, message, nextStep } of CHECKS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const found = JSON.stringify(match[0].slice(0, 40));
    refuse(file, {
      code,
      message: `${message}: ${found}`,
      place: place ?? lineOf(text, match.index),
      nextStep,
    });
  }
}

/** A clause's text with single blanks. Refuses empty and overlong ones. */
export function cleanClause(file: string, text: string, place: string): string {
  const clean = text.replace(/\s+/g, ' ').trim();
  if (!/[\p{L}\p{N}]/u.test(clean)) {
    refuse(file, {
      code: 'EMPTY_CLAUSE',
      message: 'A clause holds no word',
      place,
      nextStep: 'Delete it or write the rule.',
    });
  }
  if (clean.length > MAX_CLAUSE_LENGTH) {
    const message = `A clause has ${clean.length} characters; at most ${MAX_CLAUSE_LENGTH} are taken`;
    refuse(file, { code: 'CLAUSE_TOO_LONG', message, place, nextStep: 'Split it into several rules.' });
  }
  return clean;
}

/** A full stop within a sentence: of a short abbreviation (“e.g.”, “U.S.”) before a small letter. */
const ABBREVIATION = String.raw`(?<!(?:^|[\s(])\p{L}[\p{L}.]{0,2}\.(?=\s+\p{Ll}))`;
const SENTENCE_END = new RegExp(String.raw`(?<=[.!?])${ABBREVIATION}\s+(?=\S)`, 'u');

/** The sentences of a paragraph or list item: each is a clause. */
export const splitSentences = (text: string): string[] =>
  text.split(SENTENCE_END).filter(sentence => /[\p{L}\p{N}]/u.test(sentence));
