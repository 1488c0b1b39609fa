import { expect, it } from 'vitest';
import { writeAnswer } from './answer.ts';
import type { AnswerType } from './answer-types.ts';
import { firstWords, refusalOpenings } from './openings.ts';
import { plainQuery } from './query.ts';
import { Rng } from './rng.ts';
import { EMPATHY, EXCLAMATIONS, FIRST_LINKS, PLANS } from './tables/answers.ts';

const rich = firstWords(EMPATHY);
/** Plans of any length open with an exclamation, the announcement or the first step. */
const plans = firstWords([...EXCLAMATIONS, ...PLANS, ...FIRST_LINKS]);

/** First words of many written answers of a type. */
function writtenOpenings(type: AnswerType): string[] {
  const rng = new Rng(3);
  const kinds = ['benign', 'borderline', 'harmful'] as const;
  const answers = Array.from({ length: 1500 }, (_, i) =>
    writeAnswer(rng, plainQuery(rng, kinds[i % 3] ?? 'benign'), type),
  );
  return firstWords(answers);
}

it('lists exactly the words that written answers begin with', () => {
  expect(refusalOpenings()).toEqual(writtenOpenings('refuse'));
  expect(rich).toEqual(writtenOpenings('rich'));
  expect(plans).toEqual([...new Set((['full', 'short', 'tiny'] as const).flatMap(writtenOpenings))].sort());
});

it('shares words between kinds of answer only as documented', () => {
  const shared = (a: string[], b: string[]): string[] => a.filter(word => b.includes(word));
  expect(shared(refusalOpenings(), plans)).toEqual([]);
  expect(shared(refusalOpenings(), rich)).toEqual(['i']);
  expect(shared(rich, plans)).toEqual(['it']);
});
