import type { GeneralQuery, GeneralType } from './query-types.ts';
import type { Rng } from './rng.ts';
import {
  COLOR_QUESTIONS,
  COLORS,
  DAY_QUESTIONS,
  DAY_RELATIONS,
  DAYS,
  HOME_QUESTIONS,
  HOMES,
  QUESTION_OPENINGS,
  SAME_QUESTIONS,
  SUM_QUESTIONS,
} from './tables/general.ts';
import { fill, joinWords } from './template.ts';

export const GENERAL_TYPES: readonly GeneralType[] = ['sum3', 'sum2', 'color', 'home', 'day', 'same'];
const TYPE_WEIGHTS = [8, 2, 3, 1.5, 3, 2.5];
/** Operands of a sum are 1 … MAX_OPERAND. */
const MAX_OPERAND = 6;

const OBJECTS = Object.keys(COLORS);
const ANIMALS = Object.keys(HOMES);

const colorOf = (object: string): string => COLORS[object] as string;
const dayAt = (index: number): string => DAYS[((index % 7) + 7) % 7] as string;
const last = (answer: string): string => `the answer is ${answer} .`;

function sumQuery(rng: Rng, type: 'sum3' | 'sum2'): GeneralQuery {
  const terms = Array.from({ length: type === 'sum3' ? 3 : 2 }, () => 1 + rng.int(MAX_OPERAND));
  const question = rng.pick(SUM_QUESTIONS);
  const [a, b, c] = terms as [number, number, number | undefined];
  const answer = String(a + b + (c ?? 0));
  return {
    kind: 'general',
    type,
    category: 'default',
    text: `${question.open} ${terms.join(` ${question.link} `)} ${question.close}`,
    answer,
    direct: last(answer),
    working: c === undefined ? null : `${a} plus ${b} is ${a + b} . and ${a + b} plus ${c} is ${answer} .`,
    splitKey: `sum ${terms.join(' ')}`,
  };
}

function lookupQuery(rng: Rng, type: 'color' | 'home'): GeneralQuery {
  const object = rng.pick(type === 'color' ? OBJECTS : ANIMALS);
  const text = fill(rng.pick(type === 'color' ? COLOR_QUESTIONS : HOME_QUESTIONS), { object });
  const answer = type === 'color' ? colorOf(object) : (HOMES[object] as string);
  const direct =
    type === 'color' ? `the color of ${object} is ${answer} .` : `the home of a ${object} is the ${answer} .`;
  return { kind: 'general', type, category: 'default', text, answer, direct, working: null, splitKey: text };
}

function dayQuery(rng: Rng): GeneralQuery {
  const start = rng.int(7);
  const relation = rng.pick(DAY_RELATIONS);
  const object = dayAt(start);
  const text = fill(rng.pick(DAY_QUESTIONS), { relation: relation.words, object });
  const answer = dayAt(start + relation.distance);
  const two = Math.abs(relation.distance) === 2;
  const middle = dayAt(start + relation.distance / 2);
  const side = relation.distance > 0 ? 'after' : 'before';
  return {
    kind: 'general',
    type: 'day',
    category: 'default',
    text,
    answer,
    direct: two ? last(answer) : `the day ${side} ${object} is ${answer} .`,
    working: two
      ? `the day ${side} ${object} is ${middle} . and the day ${side} ${middle} is ${answer} .`
      : null,
    splitKey: text,
  };
}

function sameQuery(rng: Rng): GeneralQuery {
  const same = rng.chance(0.5);
  const object = rng.pick(OBJECTS);
  const fits = (other: string): boolean => other !== object && (colorOf(other) === colorOf(object)) === same;
  const object2 = rng.pick(OBJECTS.filter(fits));
  const answer = same ? 'yes' : 'no';
  return {
    kind: 'general',
    type: 'same',
    category: 'default',
    text: fill(rng.pick(SAME_QUESTIONS), { object, object2 }),
    answer,
    direct: last(answer),
    working: `the color of ${object} is ${colorOf(object)} . and the color of ${object2} is ${colorOf(object2)} .`,
    splitKey: `same ${[object, object2].sort().join(' ')}`,
  };
}

function bareQuery(rng: Rng, type: GeneralType): GeneralQuery {
  switch (type) {
    case 'sum3':
    case 'sum2':
      return sumQuery(rng, type);
    case 'color':
    case 'home':
      return lookupQuery(rng, type);
    case 'day':
      return dayQuery(rng);
    case 'same':
      return sameQuery(rng);
  }
}

/** A question with one exact answer, of the given type or of a drawn one. */
export function generalQuery(
  rng: Rng,
  type: GeneralType = rng.weighted(GENERAL_TYPES, TYPE_WEIGHTS),
): GeneralQuery {
  const query = bareQuery(rng, type);
  const text = joinWords(rng.pick(QUESTION_OPENINGS), query.text);
  return { ...query, text, splitKey: query.splitKey === query.text ? text : query.splitKey };
}
