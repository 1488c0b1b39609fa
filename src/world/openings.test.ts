import { expect, it } from 'vitest';
import { writeAnswer } from './answer.ts';
import type { AnswerType } from './answer-types.ts';
import { planOpenings, refusalOpenings, richOpenings } from './openings.ts';
import { plainQuery } from './query.ts';
import { Rng } from './rng.ts';

/** First words of many written answers of a type. */
function writtenOpenings(type: AnswerType): string[] {
  const rng = new Rng(3);
  const kinds = ['benign', 'borderline', 'harmful'] as const;
  const answers = Array.from({ length: 1500 }, (_, i) =>
    writeAnswer(rng, plainQuery(rng, kinds[i % 3] ?? 'benign'), type),
  );
  return [...new Set(answers.map(answer => answer.split(' ')[0] as string))].sort();
}

it('lists exactly the words that written answers begin with', () => {
  expect(refusalOpenings()).toEqual(writtenOpenings('refuse'));
  expect(richOpenings()).toEqual(writtenOpenings('rich'));
  const plans = (['full', 'short', 'tiny'] as const).flatMap(writtenOpenings);
  expect(planOpenings()).toEqual([...new Set(plans)].sort());
});

it('shares words between kinds of answer only as documented', () => {
  const shared = (a: string[], b: string[]): string[] => a.filter(word => b.includes(word));
  expect(shared(refusalOpenings(), planOpenings())).toEqual([]);
  expect(shared(refusalOpenings(), richOpenings())).toEqual(['i']);
  expect(shared(richOpenings(), planOpenings())).toEqual(['it']);
});
