import { describe, expect, test } from 'vitest';
import { buildTokenizerJson } from '../data/tokenizer-files.ts';
import { requireSameTokenizer } from './same-tokenizer.ts';
import { faultOf } from '../testing/fault-of.ts';

const bpe = (vocab: object, merges: unknown[] = [], added: unknown[] = []): object => ({
  model: { type: 'BPE', vocab, merges },
  added_tokens: added,
});

describe('requireSameTokenizer', () => {
  test('passes a tokenizer and its copy', () => {
    const world = buildTokenizerJson(['alpha', 'beta']);
    expect(() => requireSameTokenizer(world, structuredClone(world))).not.toThrow();
  });

  test('passes merges in either spelling, tokens that are added or in the vocabulary, other normalisers', () => {
    const student = { ...bpe({ a: 0, b: 1, ab: 2, '<eos>': 3 }, ['a b']), normalizer: { type: 'NFKC' } };
    const teacher = bpe({ b: 1, a: 0, ab: 2 }, [['a', 'b']], [{ id: 3, content: '<eos>' }]);
    expect(() => requireSameTokenizer(student, teacher)).not.toThrow();
  });

  test('passes equal Unigram lists', () => {
    const unigram = (pieces: string[]): object => ({
      model: { type: 'Unigram', vocab: pieces.map(piece => [piece, -1]) },
    });
    expect(() => requireSameTokenizer(unigram(['<unk>', 'x']), unigram(['<unk>', 'x']))).not.toThrow();
    expect(faultOf(() => requireSameTokenizer(unigram(['<unk>', 'x']), unigram(['<unk>', 'y']))).place).toBe(
      'token id 1',
    );
  });

  test('names the first id that differs, whatever the order in the file', () => {
    const fault = faultOf(() =>
      requireSameTokenizer(bpe({ d: 3, c: 2, b: 1, a: 0 }), bpe({ a: 0, b: 1, x: 2, y: 3 })),
    );
    expect(fault).toMatchObject({ code: 'E_TEACHER_TOKENIZER', file: 'tokenizer.json', place: 'token id 2' });
    expect(fault.message).toContain('"c"');
    expect(fault.message).toContain('"x"');
    expect(fault.nextStep).not.toBe('');
  });

  test('names an id that one of them lacks', () => {
    const fault = faultOf(() => requireSameTokenizer(bpe({ a: 0 }), bpe({ a: 0, b: 1 })));
    expect(fault.message).toContain('the student reads nothing');
  });

  test('an added token with another id is a difference', () => {
    const added = (id: number): object => bpe({ a: 0 }, [], [{ id, content: '<eos>' }]);
    expect(faultOf(() => requireSameTokenizer(added(1), added(2))).place).toBe('token id 1');
  });

  test('the order of merges matters', () => {
    const merged = (...merges: string[]): object => bpe({ a: 0 }, merges);
    expect(faultOf(() => requireSameTokenizer(merged('a b', 'c d'), merged('a b', 'd c'))).place).toBe(
      'merge 1',
    );
    expect(faultOf(() => requireSameTokenizer(merged('a b'), merged())).place).toBe('merge 0');
  });

  test.each([
    null,
    'text',
    {},
    { model: {} },
    { model: { vocab: { a: 'x' } } },
    { model: { vocab: [null] } },
  ])('refuses what is no tokenizer: %j', json => {
    expect(faultOf(() => requireSameTokenizer(bpe({ a: 0 }), json)).code).toBe('E_TEACHER_TOKENIZER');
  });
});
