import { toSecondPerson } from './answer-plan.ts';
import * as answers from './tables/answers.ts';
import * as clauses from './tables/clauses.ts';
import { DOMAIN_NAMES, domainTable } from './tables/domains.ts';
import * as general from './tables/general.ts';
import { HARMS } from './tables/harms.ts';
import * as requests from './tables/requests.ts';

/** Words that the generators write themselves instead of taking them from a table. */
const GENERATED_TEXT = [
  'and so the answer is yes . no .',
  'the color of the home of a is the',
  'the day after before is',
  'what is plus ?',
].join(' ');

/** Numbers with a token of their own: every sum and partial sum of the world, and a few more. */
const LARGEST_NUMBER = 20;

function collectStrings(value: unknown, out: string[]): void {
  if (typeof value === 'string') out.push(value);
  else if (Array.isArray(value)) for (const item of value) collectStrings(item, out);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      out.push(key);
      collectStrings(item, out);
    }
  }
}

/**
 * Every word of the world, sorted: queries, answers of all types and both profiles, constitutions, benchmarks. Slots, punctuation
 * and the names of tables are left out. Deterministic: the tokenizer file is built from it.
 */
export function worldWords(): string[] {
  const texts: string[] = [GENERATED_TEXT];
  collectStrings(Object.values(answers), texts);
  collectStrings(Object.values(requests), texts);
  collectStrings(Object.values(clauses), texts);
  for (const table of [general.COLORS, general.HOMES]) texts.push(...Object.entries(table).flat());
  collectStrings(general.DAYS, texts);
  for (const { open, link, close } of general.SUM_QUESTIONS) texts.push(open, link, close);
  for (const { words } of general.DAY_RELATIONS) texts.push(words);
  for (const name of ['COLOR', 'HOME', 'DAY', 'SAME'] as const) texts.push(...general[`${name}_QUESTIONS`]);
  texts.push(...general.WORKING_OPENINGS, ...general.QUESTION_OPENINGS);
  for (const name of DOMAIN_NAMES) {
    const { tasks, borderline, materials, tools, acts } = domainTable(name);
    texts.push(...tasks, ...borderline.map(([phrase]) => phrase), ...materials, ...tools, ...acts);
  }
  for (const harm of Object.values(HARMS)) for (const list of Object.values(harm)) texts.push(...list);
  texts.push(...texts.map(toSecondPerson));
  for (let n = 0; n <= LARGEST_NUMBER; n++) texts.push(String(n));
  const words = texts.flatMap(text => text.split(/\s+/)).filter(word => /^[a-z0-9]+$/.test(word));
  return [...new Set(words)].sort();
}
