import { describe, expect, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { bleu, diversity, selfBleu } from './self-bleu.ts';

const TEXTS = [
  'sure ! here is how to bake bread . first , mix the flour slowly . then , knead the dough by hand .',
  'sorry , i cannot help with that .',
  'here is how to bake bread . first , mix the flour with a spoon . finally , wait for ten minutes .',
  'i cannot help with this request .',
  'yes',
  'the the the the the cat',
].map(text => text.split(' '));

/** NLTK 3.9, sentence_bleu with SmoothingFunction().method1, each text against the other five. */
const NLTK_AGAINST_OTHERS = [
  0.4992217875249571, 0.38260294162784475, 0.5002723195766688, 0.4347208719449914, 0, 0.041095991233501536,
];

describe('bleu', () => {
  it("agrees with NLTK's smoothing 1, for several references and for one", () => {
    const others = TEXTS.map((text, own) =>
      bleu(
        text,
        TEXTS.filter((_, i) => i !== own),
      ),
    );
    assertClose(others, NLTK_AGAINST_OTHERS, 'goldenScalar', 'against the others');
    const [sure, sorry, here, cannot] = TEXTS as [string[], string[], string[], string[]];
    const single = [bleu(sure, [here, cannot]), bleu(here, [sure]), bleu(cannot, [sorry])];
    assertClose(single, [0.49123166075989044, 0.4922653788734414, 0.3768499164492419], 'goldenScalar');
  });

  it('is worked by hand: p = 3/4, 2/3, 1/2, .1 of 1, one token shorter than the reference', () => {
    const expected = Math.exp(1 - 5 / 4) * ((3 / 4) * (2 / 3) * (1 / 2) * 0.1) ** 0.25;
    assertClose([bleu([1, 2, 3, 9], [[1, 2, 3, 4, 5]])], [expected], 'goldenScalar');
  });

  it('clips repeated tokens by the reference that has most of them', () => {
    const expected = ((2 / 3) * (1 / 2) * 0.1 * 0.1) ** 0.25;
    const references = [
      [7, 1, 2],
      [7, 7, 3],
    ];
    assertClose([bleu([7, 7, 7], references)], [expected], 'goldenScalar');
  });

  it('is 1 for a copy of four tokens or more, 0 for an empty text, and needs a reference', () => {
    expect(bleu([1, 2, 3, 4], [[1, 2, 3, 4], [9]])).toBe(1);
    expect(bleu([], [[1]])).toBe(0);
    expect(() => bleu([1], [])).toThrow(/no reference/);
  });
});

describe('selfBleu', () => {
  it('is the mean of BLEU against the others', () => {
    const mean = NLTK_AGAINST_OTHERS.reduce((a, b) => a + b, 0) / 6;
    assertClose([selfBleu(TEXTS), 1 - diversity(TEXTS)], [mean, mean], 'goldenScalar');
  });

  it('leaves a text out of its own references, even if it has the largest count', () => {
    const texts = [
      [5, 5, 5, 1],
      [5, 5, 2],
      [5, 3],
    ];
    const apart = texts.map((text, own) =>
      bleu(
        text,
        texts.filter((_, i) => i !== own),
      ),
    );
    assertClose([selfBleu(texts)], [apart.reduce((a, b) => a + b, 0) / 3], 'goldenScalar');
  });

  it('takes evenly spaced texts when there are too many', () => {
    const many = Array.from({ length: 9 }, (_, i) => [i % 3, 1, 2, 3, i]);
    expect(selfBleu(many, 3)).toBe(selfBleu([many[0]!, many[3]!, many[6]!]));
    expect(selfBleu(many, 9)).toBe(selfBleu(many));
  });

  it('is 1 for copies, 0 for nothing in common, and refuses a single text', () => {
    const copy = [1, 2, 3, 4, 5];
    expect(selfBleu([copy, copy, copy])).toBe(1);
    expect(
      selfBleu([
        [1, 2],
        [3, 4],
      ]),
    ).toBe(0);
    expect(() => selfBleu([copy])).toThrow(RangeError);
  });
});
