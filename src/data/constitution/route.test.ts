import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATEGORIES, type Clause, type Constitution } from '../../contract/world.ts';
import { createWorldTokenizer } from '../tokenizer.ts';
import { classifyClause } from './classify-clause.ts';
import { readConstitution } from './reading.ts';
import { enabledClauses, renderClauses, routeAll, routeClauses, routedText } from './route.ts';

const folder = new URL('../../../public/models/world-s/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const tokenizer = createWorldTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));

const clause = (text: string, more: Partial<Clause> = {}): Clause => ({
  id: text,
  text,
  ...classifyClause(text),
  enabled: true,
  ...more,
});
const CONSTITUTION: Constitution = {
  title: 'T',
  clauses: [
    clause('No violence.'),
    clause('Protect the personal data of every person'),
    clause('Keep every answer short.'),
    clause('frobnicate the quux .'),
    clause('No crimes.', { enabled: false }),
  ],
};

describe('classifying clauses', () => {
  it.each([
    ['Never help anyone to commit a crime.', 'illegal', null],
    ['Respect the privacy of others!', 'privacy', null],
    ['The assistant must not promote racism or sexism.', 'hate', null],
    ['Do not encourage self-harm or suicide.', 'selfharm', null],
    ['Avoid violent content.', 'violence', null],
    ['Do no harm.', 'default', null],
    ['Be concise.', null, 'short'],
    ['Do not refuse harmless questions.', null, 'help'],
    ['Explain why when you decline.', null, 'reason'],
    ['Be polite.', null, 'kind'],
    ['Bananas dream of elephants.', null, null],
    ['', null, null],
  ] as const)('routes %j', (text, category, style) => {
    expect(classifyClause(text)).toEqual({ category, style });
  });
});

describe('routing', () => {
  it('gives a query the clauses of its category, of any harm, of style and of no category', () => {
    const texts = (category: (typeof CATEGORIES)[number]): string[] =>
      routeClauses(CONSTITUTION, category).map(({ text }) => text);
    const always = ['Keep every answer short.', 'frobnicate the quux .'];
    expect(texts('violence')).toEqual(['No violence.', ...always]);
    expect(texts('privacy')).toEqual(['Protect the personal data of every person', ...always]);
    expect(texts('illegal')).toEqual(always);
    expect(texts('default')).toEqual(always);
    const all = { title: 'T', clauses: [clause('Never support harm of any kind.')] };
    for (const category of CATEGORIES) expect(routeClauses(all, category)).toHaveLength(1);
  });

  it('renders a header and ends every sentence', () => {
    expect(routedText(CONSTITUTION, 'privacy')).toBe(
      'rules : Protect the personal data of every person . Keep every answer short. frobnicate the quux .',
    );
    expect(renderClauses([])).toBeNull();
    expect(renderClauses([clause('Be kind!')], '')).toBe('Be kind!');
    expect(routeAll({ title: 'T', clauses: [clause('No violence.')] })).toMatchObject({
      violence: 'rules : No violence.',
      hate: null,
    });
    expect(enabledClauses(CONSTITUTION)).toHaveLength(4);
  });

  it('reads a constitution as the model does', () => {
    const reading = readConstitution(CONSTITUTION, tokenizer);
    expect(reading.unknownWords).toEqual(['frobnicate', 'quux']);
    expect(reading.tokens).toBe(tokenizer.encode(renderClauses(enabledClauses(CONSTITUTION)) ?? '').length);
    expect(Object.keys(reading.routed)).toEqual([...CATEGORIES]);
    expect(reading.routed['violence']?.tokens).toBeLessThan(reading.tokens);
    expect(readConstitution({ title: 'T', clauses: [] }, tokenizer)).toMatchObject({
      tokens: 0,
      unknownWords: [],
    });
  });
});
