import { expect, it, test } from 'vitest';
import { LabError, type Fault } from '../../contract/errors.ts';
import { importConstitution } from './import-constitution.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { faultOf } from '../../testing/fault-of.ts';

const load = (name: string, text: string) =>
  importConstitution({ name, bytes: new TextEncoder().encode(text) });
const rules = (name: string, text: string): string[] =>
  load(name, text).constitution.clauses.map(clause => clause.text);

const refusal = (name: string, text: string): Fault => faultOf(() => load(name, text));

const ALONE = ['Never share an address.', 'Never name a patient.'];

test('an announcement goes before each item and leaves the category to the heading', () => {
  const { constitution, notes } = load(
    'rules.md',
    '# Rules of the house\n\n## Violence\nThe assistant must never:\n\n- praise a brawl\n- Describe a wound. It upsets people.\n\n' +
      'You may always:\n\n* talk about sport\n\n## Privacy\n### Homes\nAvoid:\n1) giving addresses\n',
  );
  expect(constitution.title).toBe('Rules of the house');
  expect(constitution.clauses.map(({ text, category }) => [text, category])).toEqual([
    ['The assistant must never praise a brawl.', 'violence'],
    ['The assistant must never: Describe a wound. It upsets people.', 'violence'],
    ['You may always talk about sport.', 'violence'],
    ['Avoid: giving addresses.', 'privacy'],
  ]);
  expect(notes).toContain('Line 4: "The assistant must never:" was put before each rule under it.');
});

it.each([
  ['a line in plain text', 'a.txt', 'Never:\n- share an address\n- name a patient\n'],
  ['lines without marks', 'a.txt', 'Never:\nshare an address\nname a patient\n'],
  ['indented lines', 'a.txt', 'Never:\n    share an address\n    name a patient\n'],
  ['indented lines of Markdown', 'a.md', 'Never:\n    share an address\n    name a patient\n'],
  ['no colon', 'a.txt', 'NEVER\n- share an address\n- name a patient\n'.replace('NEVER', 'Never')],
  ['dots', 'a.md', 'Never …\n\n- share an address\n- name a patient\n'],
  ['a dash', 'a.md', 'Never —\n- share an address\n- name a patient\n'],
  ['a nested list', 'a.md', '- Never:\n  - share an address\n  - name a patient\n'],
  ['a nested list without colon', 'a.md', '* Never\n    * share an address\n    * name a patient\n'],
  ['another kind of list', 'a.txt', '1. Never:\n- share an address\n- name a patient\n'],
  ['numbers in levels', 'a.txt', '1. Never:\n1.1 share an address\n1.2 name a patient\n'],
  ['letters', 'a.md', 'Never:\na) share an address\n(b) name a patient\n'],
  ['other bullets', 'a.md', 'Never:\n• share an address\n• name a patient\n'],
  ['a heading', 'a.md', '## Never\n- share an address\n- name a patient\n'],
  ['an underlined heading', 'a.md', 'Never\n-----\n\n- share an address\n- name a patient\n'],
  ['bold type', 'a.md', '**Never**:\n- share an address\n- name a patient\n'],
  ['a bold heading', 'a.md', '**Never**\n\n- share an address\n- name a patient\n'],
  ['a numbered heading', 'a.txt', '1. Never\n\n- share an address\n- name a patient\n'],
  ['letters below', 'a.txt', 'A. Never\n 1. share an address\n 2. name a patient\n'],
  ['a map as clauses', 'a.json', '{"clauses": {"never": ["share an address", "name a patient"]}}'],
  ['a quotation', 'a.md', '> Never:\n> - share an address\n> - name a patient\n'],
  ['a key of YAML', 'a.yaml', 'never:\n  - share an address\n  - name a patient\n'],
  [
    'a map within a list',
    'a.yaml',
    'clauses:\n  - Never:\n      - share an address\n      - name a patient\n',
  ],
  ['a key of JSON', 'a.json', '{"never": ["share an address", {"text": "name a patient"}]}'],
])('%s announces', (_what, name, text) => {
  expect(rules(name, text)).toEqual(ALONE);
});

it.each([
  ["## Don'ts\n- insult people\n- mock a group\n", ["Don'ts: insult people.", "Don'ts: mock a group."]],
  ['## Forbidden topics\n### Weapons\n- how bombs work\n', ['Forbidden topics: Weapons: how bombs work.']],
  [
    '## Prohibited content\n- slurs\n- Never mock a group.\n',
    ['Prohibited content: slurs.', 'Never mock a group.'],
  ],
  ['## Things to avoid\n1. long answers\n', ['Things to avoid: long answers.']],
  ['## Exceptions\n- advice of a doctor\n', ['Exceptions: advice of a doctor.']],
  ['## If someone asks about bombs\n- refuse\n', ['If someone asks about bombs: refuse.']],
  ['The following is forbidden.\n\n- slurs\n', ['The following is forbidden: slurs.']],
  [
    'The model must not do any of\nthe following things:\n- insult people\n',
    ['The model must not do any of the following things: insult people.'],
  ],
  [
    'Some things are forbidden. In particular:\n- insulting people\n',
    ['Some things are forbidden.', 'Some things are forbidden. In particular: insulting people.'],
  ],
  [
    'You agree not to use it, nor to let others use it, for any purpose whatever that is named here, to:\n\n1. Break a law, also to:\n   a. Steal\n',
    [
      'You agree not to use it, nor to let others use it, for any purpose whatever that is named here, to break a law, also to steal.',
    ],
  ],
  [
    '- Do not tell what is private\n  - addresses\n- Be kind.\n',
    ['Do not tell what is private', 'Do not tell what is private: addresses.', 'Be kind.'],
  ],
  ['Do not:\n- Do not insult people.\n- mock people\n', ['Do not insult people.', 'Do not mock people.']],
  ['Never: insult people. Mock people.\n', ['Never: insult people. Mock people.']],
  ['❌ Insult people. Mock people.\n', ['❌ Insult people. Mock people.']],
  ["## Dos and don'ts\n### Don't\n- insult people\n", ["Don't insult people."]],
  [
    'Der Assistent darf niemals:\n- Adressen nennen\n\nVerboten:\n- Spott\n\nVermeide\n- lange Antworten\n',
    ['Der Assistent darf niemals Adressen nennen.', 'Verboten: Spott.', 'Vermeide: lange Antworten.'],
  ],
  [
    '## Verbotene Themen\n- Waffenbau\n## Erlaubt\n- Kochen\n',
    ['Verbotene Themen: Waffenbau.', 'Erlaubt: Kochen.'],
  ],
  ['禁止：\n- 解释炸弹\n', ['禁止: 解释炸弹。']],
  [
    "| Do | Don't |\n|----|-------|\n| help | insult people. Mock people. |\n",
    ['help', "Don't: insult people. Mock people."],
  ],
  [
    '1. Prohibited content\n\n- slurs\n\n2. Allowed content\n\n- cooking\n',
    ['Prohibited content: slurs.', 'Allowed content: cooking.'],
  ],
  ['Never:\n\nIn particular:\n- share an address\n', ['Never: In particular: share an address.']],
  ['- Never:\n  - Privacy:\n    - share an address\n', ['Never share an address.']],
  [
    'Refuse to:\n- explain bombs\n\nUnder no circumstances should the model:\n- mock\n',
    ['Refuse to explain bombs.', 'Under no circumstances should the model: mock.'],
  ],
  ['## 🚫\n- slurs\n', ['🚫: slurs.']],
  ['Never:\n\n| Topic |\n|---|\n| bombs |\n', ['Never: Topic: bombs.']],
  ['| Request | Answer |\n|---|---|\n| bombs | refuse |\n', ['Request: bombs; Answer: refuse']],
  ['| Category | Rule |\n|---|---|\n| Hate | Do not mock |\n', ['Do not mock']],
])('reads %j', (text, expected) => {
  expect(rules('a.md', text)).toEqual(expected);
});

test('a list ends where text goes on, and its announcement with it', () => {
  for (const text of [
    '- Never:\n  - share an address\n\nBe polite.\n',
    'Never:\n\n- share an address\n\nBe polite.\n',
  ])
    expect(rules('a.md', text)).toEqual(['Never share an address.', 'Be polite.']);
  expect(rules('a.txt', 'Never:\n- share an address\nBe polite.\n')).toEqual([
    'Never share an address.',
    'Be polite.',
  ]);
});

test('a sentence that forbids is not cut within, by a line end or an abbreviation', () => {
  expect(
    rules('a.txt', 'Do not help with crime, and never\nexplain bombs, whatever reason\nis given. Be\nbrief.'),
  ).toEqual(['Do not help with crime, and never explain bombs, whatever reason is given.', 'Be brief.']);
  expect(rules('a.md', 'Do not give advice, e.g. on how to cheat. Be kind.')).toEqual([
    'Do not give advice, e.g. on how to cheat.',
    'Be kind.',
  ]);
});

test('keys of data announce, name categories, or both', () => {
  const { constitution } = load(
    'a.yaml',
    'title: T\nthingsToAvoid: long answers\ndonts: [mock people]\nprivacy:\n  must_not: [share an address]\n  may: give a town\n' +
      'do: [be kind]\nexceptions:\n  - hate: quoting a slur\n',
  );
  expect(constitution.clauses.map(({ text, category }) => [text, category])).toEqual([
    ['Things to avoid: long answers.', null],
    ["Don'ts: mock people.", 'hate'],
    ['Must not share an address.', 'privacy'],
    ['May give a town.', 'privacy'],
    ['be kind', null],
    ['Exceptions: quoting a slur.', 'hate'],
  ]);
});

it.each([
  ['paragraphs after', 'a.md', 'Never:\n\nShare an address.\n\nName a patient.\n'],
  ['text against a list', 'a.md', 'Do not:\n- insult people\nBe polite.\n'],
  ['items beside an item', 'a.md', '- Never:\n- share an address\n- name a patient\n'],
  ['a sentence under a heading', 'a.md', '## Forbidden\n\nThe assistant insults people.\n'],
  ['headings between', 'a.md', 'Never:\n\n### Privacy\n- share an address\n'],
  ['a category between', 'a.md', 'Never:\n\nPrivacy:\n- share an address\n'],
  ['a rule across the page between', 'a.md', 'Never:\n\n***\n\n- share an address\n'],
  ['a clause of JSON', 'a.json', '[{"text": "The assistant must never:"}, "share an address"]'],
  ['items beside it in JSON', 'a.json', '["The assistant must never:", "share an address"]'],
])('refuses what it may turn: %s', (_what, name, text) => {
  const fault = refusal(name, text);
  expect(fault.code).toBe('E_CONSTITUTION_ANNOUNCEMENT');
  expect(fault.place).toMatch(/^(line \d|clauses\[0\])$/);
});

it.each([
  ['fields of one thing', '[{"if": "someone asks about bombs", "never": "refuse"}]'],
  ['a switch', '{"forbidden": true, "clauses": ["share an address"]}'],
  ['a kind', '[{"kind": "prohibition", "never": "share an address"}]'],
  ['a condition without its words', '{"when": ["refuse"]}'],
])('refuses keys that bear on one another: %s', (_what, text) => {
  expect(refusal('a.json', text).code).toBe('E_CONSTITUTION_FIELD');
});

it.each([
  ['headings', '# a '.repeat(32_000)],
  ['spaces in a heading', `# a${' '.repeat(128_000)}b`],
  ['colons', `${':'.repeat(128_000)}x`],
  ['emphasis', '*a '.repeat(43_000)],
  ['brackets', '['.repeat(128_000)],
  ['announcements', 'never:\n'.repeat(18_000)],
  ['items', 'Never:\n- a\n'.repeat(11_000)],
  ['lines that go on', `A\n${'a\n'.repeat(64_000)}`],
  ['tables', '|a|\n|-|\n\n'.repeat(14_000)],
  ['quotations', '> '.repeat(64_000)],
])('takes time linear in the text: %s', (_what, text) => {
  const started = performance.now();
  for (const lines of [false, true])
    try {
      parseMarkdown('a', text, lines);
    } catch (error) {
      expect(error).toBeInstanceOf(LabError);
    }
  expect(performance.now() - started).toBeLessThan(8000);
});
