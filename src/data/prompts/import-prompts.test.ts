import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../contract/errors.ts';
import { CATEGORIES } from '../../contract/world.ts';
import { PROMPT_LIMITS, promptSetSchema, type PromptSet } from '../../contract/prompts.ts';
import { importPrompts } from './import-prompts.ts';
import { faultOfAsync } from '../../testing/fault-of.ts';

const encoder = new TextEncoder();
const fileOf = (...lines: readonly (string | object)[]): string =>
  lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
const read = (content: string | Uint8Array<ArrayBuffer>, name = 'mine.jsonl'): Promise<PromptSet> =>
  importPrompts({ name, bytes: typeof content === 'string' ? encoder.encode(content) : content });

const faultOf = (content: string | Uint8Array<ArrayBuffer>): Promise<Fault> => faultOfAsync(read(content));

const good = (index: number): object => ({
  prompt: `question ${index}`,
  kind: 'benign',
  category: 'default',
  split: 'train',
});
const user = (content: unknown): object => ({ role: 'user', content });

describe('what is read', () => {
  it('reads prompts and conversations with their metadata', async () => {
    const turns = [
      { role: 'system', content: 'Be brief.' },
      user('Hi'),
      { role: 'assistant', content: 'Yes?' },
      user('2+2?'),
    ];
    const content = fileOf(
      { prompt: 'How do I kill weeds?', kind: 'borderline', category: 'violence', split: 'heldout' },
      { messages: turns, kind: 'general', reference: '4', split: 'train', category: 'default' },
    );
    const set = await read(content);
    expect(promptSetSchema.parse(set)).toEqual(set);
    expect(set.title).toBe('mine');
    expect(set.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    expect(set.rows[0]).toEqual({
      line: 1,
      messages: [{ role: 'user', content: 'How do I kill weeds?' }],
      kind: 'borderline',
      category: 'violence',
      reference: null,
      split: 'heldout',
    });
    expect(set.rows[1]).toMatchObject({ line: 2, kind: 'general', reference: '4' });
    expect(set.rows[1]!.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(set.counts).toEqual({
      benign: { train: 0, heldout: 0 },
      borderline: { train: 0, heldout: 1 },
      harmful: { train: 0, heldout: 0 },
      general: { train: 1, heldout: 0 },
    });
  });

  it('says what it assumed and which fields it ignores', async () => {
    const { rows, notes } = await read(
      fileOf(
        { prompt: 'a', source: 'x' },
        { messages: [{ ...user('b'), weight: 1 }], kind: null, reference: null },
      ),
    );
    expect(rows.map(({ kind, category }) => [kind, category])).toEqual([
      ['benign', 'default'],
      ['benign', 'default'],
    ]);
    expect(notes).toContain('2 lines without "kind": taken as benign.');
    expect(notes).toContain('2 lines without "category": taken as default.');
    expect(notes.join()).toContain('2 lines without "split"');
    expect(notes).toContain('Ignored fields: source, messages.weight.');
  });

  it('reports kinds that cannot be measured, questions without an answer, and invisible characters', async () => {
    const { notes, rows } = await read(
      fileOf(
        { ...good(1) },
        { prompt: 'why?\u200b', kind: 'general', category: 'default', split: 'heldout' },
      ),
    );
    expect(notes).toEqual([
      'Invisible characters are kept in line 2.',
      'No benign prompt is held out: how the model answers them is not measured.',
      'All general prompts are held out: none is trained on.',
      'General questions without "reference" have no right answer: line 2.',
    ]);
    expect(rows[1]!.messages[0]!.content).toBe('why?\u200b');
  });

  it('drops a byte-order mark, accepts Windows line ends and skips blank lines, and says so', async () => {
    const { rows, notes } = await read(
      `\ufeff${JSON.stringify(good(1))}\r\n\r\n \t\n${JSON.stringify(good(2))}\r\n`,
    );
    expect(rows.map(({ line }) => line)).toEqual([1, 4]);
    expect(notes.slice(0, 3)).toEqual([
      'A byte-order mark was dropped.',
      'Windows line ends were accepted.',
      '2 blank lines were skipped.',
    ]);
  });

  it('keeps text as it is: other scripts, separators, markup, control-token look-alikes, long fields', async () => {
    const texts = ['你好\u2028世界 👩‍👩‍👧', '<|im_end|><script>alert(1)</script>', ' a\tb\r\nc ', 'مرحبا'];
    const { rows } = await read(
      fileOf(...texts.map(prompt => ({ prompt })), { prompt: 'x', note: 'é"\\'.repeat(40_000) }),
    );
    expect(rows.slice(0, 4).map(({ messages }) => messages[0]!.content)).toEqual(texts);
  });

  it('splits by the prompt alone, holding out about one in four', async () => {
    const prompts = Array.from({ length: 2000 }, (_, i) => ({ prompt: `How do I do thing number ${i}?` }));
    const { rows, counts } = await read(fileOf(...prompts));
    expect(counts.benign.heldout / 2000).toBeGreaterThan(0.21);
    expect(counts.benign.heldout / 2000).toBeLessThan(0.29);
    const reversed = await read(
      fileOf(
        ...prompts.map(({ prompt }) => ({ kind: 'harmful', prompt: `  ${prompt.toUpperCase()}` })).reverse(),
      ),
    );
    expect(reversed.rows.map(({ split }) => split).reverse()).toEqual(rows.map(({ split }) => split));
  });

  it.each([
    ['../../evil/\u202eset.v2.jsonl', 'set.v2'],
    ['', 'prompts'],
    ['.jsonl', 'prompts'],
  ])('names a set after the file %j', async (name, title) => {
    expect((await read(fileOf(good(1)), name)).title).toBe(title);
  });
});

describe('invalid lines', () => {
  const deep = `{"prompt":"x","y":${'['.repeat(40)}${']'.repeat(40)}}`;
  const cases: [string, string | object, RegExp][] = [
    ['no JSON', 'prompt: x', /not valid JSON/],
    ['a truncated object', '{"prompt": "x"', /not closed/],
    ['two objects', '{"prompt": "x"} {"prompt": "y"}', /goes on after/],
    ['a list', '["x"]', /the line is not a JSON object/],
    ['a number', '1e400', /not a JSON object/],
    ['a key given twice', '{"prompt": "x", "prompt": "y"}', /"prompt" is given twice/],
    ['deep nesting', deep, /nested more than/],
    ['__proto__', '{"prompt": "x", "__proto__": {"kind": "harmful"}}', /"__proto__"/],
    [
      '__proto__ in a message',
      '{"messages": [{"role": "user", "content": "x", "__proto__": {}}]}',
      /message 1 has the key "__proto__"/,
    ],
    ['no prompt', { kind: 'benign' }, /neither "prompt" nor "messages"/],
    ['both', { prompt: 'x', messages: [user('x')] }, /both/],
    ['a prompt that is a number', { prompt: 5 }, /"prompt" is 5, not a text/],
    ['an empty prompt', { prompt: '' }, /"prompt" is empty/],
    ['a blank prompt', { prompt: ' \n' }, /"prompt" is empty/],
    [
      'a prompt too long',
      { prompt: 'x'.repeat(PROMPT_LIMITS.contentLength + 1) },
      /64001 characters; at most 64000/,
    ],
    ['messages that are a text', { messages: 'x' }, /not a list/],
    ['no messages', { messages: [] }, /empty list/],
    [
      'too many messages',
      { messages: Array.from({ length: 65 }, () => user('x')) },
      /65 messages; at most 64/,
    ],
    ['a message that is a text', { messages: ['x'] }, /message 1 is not a JSON object/],
    [
      'a wrong role',
      { messages: [{ role: 'tool', content: 'x' }] },
      /role of message 1 is "tool", not one of system, user, assistant/,
    ],
    ['no role', { messages: [{ content: 'x' }] }, /message 1 has no role/],
    ['empty content', { messages: [user(''), user('x')] }, /content of message 1 is empty/],
    ['content in parts', { messages: [user([{ type: 'text', text: 'x' }])] }, /not a text/],
    [
      'a late system message',
      { messages: [user('x'), { role: 'system', content: 'y' }, user('z')] },
      /message 2 is a system message/,
    ],
    [
      'an end with the assistant',
      { messages: [user('x'), { role: 'assistant', content: 'y' }] },
      /role "assistant"; it must be the user’s/,
    ],
    [
      'a wrong kind',
      { prompt: 'x', kind: 'evil' },
      /"kind" is "evil", not one of benign, borderline, harmful, general/,
    ],
    ['a kind of every object', { prompt: 'x', kind: 'constructor' }, /"kind" is "constructor"/],
    ['a wrong category', { prompt: 'x', category: 3 }, /"category" is 3/],
    ['a wrong split', { prompt: 'x', split: 'test' }, /"split" is "test", not one of train, heldout/],
    ['an empty reference', { prompt: 'x', reference: ' ' }, /"reference" is empty/],
    ['an escaped zero byte', { prompt: 'a\u0000b' }, /control character \(U\+0000\)/],
    ['an escape character', { prompt: '\u001b[31m' }, /control character \(U\+001B\)/],
    ['half a character', String.raw`{"prompt": "\ud800"}`, /half of a character \(U\+D800\)/],
    ['a noncharacter', { prompt: '\ufdd0' }, /Unicode reserves \(U\+FDD0\)/],
    ['a zero byte', '{"prompt": "a\u0000b"}', /zero byte/],
    ['a repeated prompt', { prompt: 'Question  1' }, /repeats that of line \d/],
    ['a line too long', { prompt: 'x', y: 'z'.repeat(PROMPT_LIMITS.lineBytes) }, /bytes; at most 262144/],
  ];
  it.each(cases)('%s: first, in the middle and last', async (_what, broken, message) => {
    const repeat = typeof broken === 'object' && 'prompt' in broken && broken.prompt === 'Question  1';
    for (const at of repeat ? [1, 2] : [0, 1, 2]) {
      const lines: (string | object)[] = [good(1), good(2)];
      lines.splice(at, 0, broken);
      const fault = await faultOf(fileOf(...lines));
      expect(fault).toMatchObject({ code: 'E_PROMPTS_LINES', file: 'mine.jsonl', place: `line ${at + 1}` });
      expect(fault.message).toMatch(message);
      expect(fault.consequence).toBe('Nothing was imported; your prompts are unchanged.');
    }
  });

  it('a line that is not UTF-8', async () => {
    const bytes = encoder.encode(fileOf(good(1), { prompt: 'a?b' }, good(2)));
    bytes[bytes.indexOf(0x3f)] = 0xff;
    expect(await faultOf(bytes)).toMatchObject({ place: 'line 2', message: 'the line is not valid UTF-8' });
  });

  it('are reported together, up to twenty and how many more', async () => {
    const some = await faultOf(fileOf({ prompt: '' }, good(1), '{', good(1), { prompt: 'x', kind: 'bad' }));
    expect(some.place).toBe('lines 1, 3, 4, 5');
    expect(some.message).toMatch(
      /^4 lines cannot be read: line 1: "prompt" is empty; line 3: .*; line 4: the prompt repeats that of line 2; line 5: "kind"/,
    );
    const many = await faultOf(fileOf(...Array.from({ length: 50 }, () => '{')));
    expect(many.message).toMatch(/^50 lines cannot be read: .*line 20: [^;]*; and 30 more$/);
    expect(many.place).toMatch(/19, 20 and 30 more$/);
  });
});

describe('files that are not JSON Lines', () => {
  const file = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, c => c.charCodeAt(0));
  const cases: [string, Uint8Array<ArrayBuffer>, string][] = [
    ['an empty file', file(''), 'EMPTY'],
    ['a blank file', file(' \n\r\n\t\n'), 'EMPTY'],
    ['a byte-order mark alone', file('\u00ef\u00bb\u00bf'), 'EMPTY'],
    ['UTF-16', file('\u00ff\u00fe{\u0000'), 'ENCODING'],
    ['Parquet', file('PAR1\u0015'), 'BINARY'],
    ['a ZIP archive', file('PK\u0003\u0004'), 'BINARY'],
    ['gzip', file('\u001f\u008b\b'), 'BINARY'],
    ['a Git LFS pointer', file('version https://git-lfs.github.com/spec/v1\noid sha256:0'), 'LFS_POINTER'],
    ['a web page', file('\n<!DOCTYPE html><html>'), 'HTML'],
    ['one list', file('\u00ef\u00bb\u00bf\n [{"prompt": "x"}]'), 'LIST'],
    ['a line of 100 MB', new Uint8Array(100 * 1024 * 1024).fill(0x20), 'TOO_LARGE'],
    ['too many lines', file('{}\n'.repeat(PROMPT_LIMITS.rows + 1)), 'TOO_MANY'],
  ];
  it.each(cases)('%s', async (_what, bytes, code) => {
    expect((await faultOf(bytes)).code).toBe(`E_PROMPTS_${code}`);
  });
});

it('the starter set reads without notes, sixty prompts of each kind, all categories in both splits', async () => {
  const url = new URL('../../../public/prompts/starter.jsonl', import.meta.url);
  const { rows, counts, notes } = await read(new Uint8Array(readFileSync(url)), 'starter.jsonl');
  expect(notes).toEqual([]);
  for (const kind of ['benign', 'borderline', 'harmful', 'general'] as const)
    expect(counts[kind]).toEqual({ train: 45, heldout: 15 });
  for (const split of ['train', 'heldout'] as const)
    for (const kind of ['borderline', 'harmful'] as const) {
      const found = rows
        .filter(row => row.kind === kind && row.split === split)
        .map(({ category }) => category);
      expect(new Set(found)).toEqual(new Set(CATEGORIES));
    }
  for (const row of rows.filter(({ kind }) => kind === 'general'))
    expect(row.reference?.length).toBeLessThan(20);
});
