import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATEGORIES, STYLES } from '../../src/contract/world.ts';
import { classifyClause } from '../../src/data/constitution/classify-clause.ts';
import { createPromptBuilder } from '../../src/data/prompt.ts';
import { createWorldTokenizer } from '../../src/data/tokenizer.ts';
import { clausePhrasings } from '../../src/world/constitution.ts';
import { sampleDocument } from '../../src/world/corpus.ts';
import { CURRICULUM_PHASES, CurriculumStream } from '../../src/world/curriculum.ts';
import { judge } from '../../src/world/judge.ts';
import { prettify } from '../../src/data/pretty.ts';
import { Rng } from '../../src/world/rng.ts';
import { tokenizerFiles } from './write-tokenizer.ts';

const files = tokenizerFiles();
const folder = new URL('../../public/models/world-s/', import.meta.url);
const parsed = (name: string): unknown => JSON.parse(files[name] as string);
const tokenizer = createWorldTokenizer(parsed('tokenizer.json'), parsed('tokenizer_config.json'));

describe('the world and its tokenizer', () => {
  it.each(Object.keys(files))('the committed %s is what the tool writes', name => {
    expect(readFileSync(new URL(name, folder), 'utf8')).toBe(files[name]);
  });

  it('encodes every query and answer a word a token, and decodes them back', () => {
    const rng = new Rng(31);
    for (let i = 0; i < 1500; i++) {
      const { query, answer } = sampleDocument(rng);
      for (const text of [query.text, answer]) {
        const ids = tokenizer.encode(text);
        expect(ids).toHaveLength(text.split(' ').length);
        expect(tokenizer.decode(ids)).toBe(text);
      }
      const pretty = prettify(answer);
      expect(tokenizer.encode(pretty)).toEqual(tokenizer.encode(answer));
      expect(judge(query, pretty)).toEqual(judge(query, answer));
    }
  });

  it('streams batches of token ids in every phase', () => {
    const encoder = createPromptBuilder(tokenizer);
    for (const phase of CURRICULUM_PHASES) {
      const { examples, tokens } = CurriculumStream.start(phase, 3, { encoder, poolSize: 200 }).next();
      expect(tokens).toBeLessThanOrEqual(2048);
      const { bos, asst } = tokenizer.ids;
      for (const { prompt } of examples) expect([prompt[0], prompt.at(-1)]).toEqual([bos, asst]);
    }
  });

  it('routes every phrasing of the clause language, held-out ones too, to its own clause', () => {
    const wrong: string[] = [];
    for (const heldOut of [false, true]) {
      for (const category of CATEGORIES) {
        for (const text of clausePhrasings(category, heldOut)) {
          if (classifyClause(text).category !== category) wrong.push(`${category}: ${text}`);
        }
      }
      for (const style of STYLES) {
        for (const text of clausePhrasings(style, heldOut)) {
          if (classifyClause(text).style !== style) wrong.push(`${style}: ${text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
