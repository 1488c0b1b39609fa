import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import type { PromptSet } from '../contract/prompts.ts';
import type { Constitution } from '../contract/world.ts';
import { llama3Like, qwenLike, smolLike, type ChatModelFixture } from '../data/chat/chat-models-fixture.ts';
import { createChatPrompts } from '../data/chat/chat-prompts.ts';
import { createChatTokenizer } from '../data/chat/chat-tokenizer.ts';
import { importPrompts } from '../data/prompts/import-prompts.ts';
import type { TextJudge } from '../data/text-judge.ts';
import { promptAndResponse } from '../model/packed-batch.ts';
import { promptTasks } from './prompt-tasks.ts';
import type { TaskSource } from './task.ts';
import { faultOf } from '../testing/fault-of.ts';

/** Records its arguments for tests. */
const judge: TextJudge = {
  judge: (row, answer) => ({
    label: row.kind === 'harmful' ? 'refuse' : 'comply',
    reason: `${row.line}: ${answer}`,
  }),
  values: (row, answer) => ({ safety: row.line, helpfulness: answer.length }),
  reward: (row, answer) => Number(answer === row.reference),
};

const clause = (text: string, category: Constitution['clauses'][number]['category'], enabled = true) => ({
  id: text,
  text,
  category,
  style: null,
  enabled,
});
const constitution: Constitution = {
  title: 'test',
  clauses: [
    clause('Never harm.', 'default'),
    clause('No violence.', 'violence'),
    clause('No theft.', 'illegal', false),
  ],
};

type Settings = Parameters<typeof promptTasks>[0];
const settings = (changes: Partial<Settings> = {}): Settings => ({
  ...DEFAULT_CONFIG,
  constitution: { ...constitution, clauses: [...constitution.clauses] },
  maxNewTokens: 32,
  mix: { benign: 0.25, borderline: 0.25, harmful: 0.5, general: 0 },
  ...changes,
});

function open(
  set: PromptSet,
  changes: Partial<Settings> = {},
  contextLength = 2048,
  model: ChatModelFixture = qwenLike(),
) {
  const tokenizer = createChatTokenizer(model.tokenizer, model.config, { eos: model.eos });
  const prompts = createChatPrompts(tokenizer, { contextLength });
  const tasks = promptTasks(settings(changes), {
    set,
    tokenizer,
    prompts,
    judge,
    review: null,
    contextLength,
  });
  const read = (ids: Uint32Array): string => tokenizer.pieces([...ids]).join('');
  return { tokenizer, prompts, tasks, read };
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const setOf = (...rows: readonly object[]): Promise<PromptSet> =>
  importPrompts({ name: 'set.jsonl', bytes: bytes(rows.map(row => JSON.stringify(row)).join('\n')) });

const starter = await importPrompts({
  name: 'starter.jsonl',
  bytes: new Uint8Array(readFileSync(new URL('../../public/prompts/starter.jsonl', import.meta.url))),
});

const lines = (tasks: ReturnType<TaskSource['training']>): string[] => tasks.map(({ query }) => query);

describe('drawing', () => {
  const { tasks } = open(starter);
  const heldOut = new Set(
    starter.rows.filter(({ split }) => split === 'heldout').map(({ messages }) => messages[0]!.content),
  );

  it('gives equal steps equal prompts, and other steps and seeds different ones', () => {
    expect(lines(tasks.training(3, 40))).toEqual(lines(open(starter).tasks.training(3, 40)));
    expect(lines(tasks.training(3, 40))).not.toEqual(lines(tasks.training(4, 40)));
    expect(lines(tasks.training(3, 40))).not.toEqual(lines(open(starter, { seed: 9 }).tasks.training(3, 40)));
  });

  it('keeps to the mix and the training split, and repeats no prompt before all of its kind were used', () => {
    const drawn = tasks.training(1, 80);
    const share = (kind: string): number => drawn.filter(task => task.kind === kind).length / 80;
    expect(share('general')).toBe(0);
    expect(share('harmful')).toBeGreaterThan(0.35);
    expect(share('benign')).toBeGreaterThan(0.1);
    expect(drawn.filter(({ query }) => heldOut.has(query))).toEqual([]);
    const most = tasks.drawn({ benign: 1, borderline: 0, harmful: 0, general: 0 }, 90, 5);
    expect(new Set(lines(most.slice(0, 45)))).toEqual(new Set(lines(most.slice(45))));
    expect(new Set(lines(most)).size).toBe(45);
  });

  it('uses the same held-out prompts in every evaluation, all categories early, and all prompts when more are requested', () => {
    const some = tasks.heldOut('harmful', 10);
    expect(some).toHaveLength(10);
    expect(new Set(some.map(({ category }) => category)).size).toBeGreaterThan(3);
    expect(lines(some)).toEqual(lines(open(starter, { seed: 5 }).tasks.heldOut('harmful', 10)));
    expect(tasks.heldOut('harmful', 1000)).toHaveLength(15);
    expect(tasks.heldOut('general', 1000).every(({ query }) => heldOut.has(query))).toBe(true);
  });

  it('refuses a share of a kind without rows, also for other requested shares', async () => {
    const set = await setOf(
      { prompt: 'a', split: 'train' },
      { prompt: 'b', split: 'heldout' },
      { prompt: 'c', kind: 'harmful', split: 'heldout' },
    );
    const only = { benign: 1, borderline: 0, harmful: 0, general: 0 };
    expect(faultOf(() => open(set))).toMatchObject({
      code: 'E_PROMPTS_MIX',
      message: 'the mix has a share of borderline and harmful prompts, but the set has none to train on',
    });
    const { tasks: benign } = open(set, { mix: only });
    expect(lines(benign.training(1, 3))).toEqual(['a', 'a', 'a']);
    expect(benign.heldOut('borderline', 5)).toEqual([]);
    expect(faultOf(() => benign.drawn({ ...only, general: 0.1 }, 1, 1)).code).toBe('E_PROMPTS_MIX');
    const none = await setOf({ prompt: 'a', split: 'train' });
    expect(faultOf(() => open(none, { mix: only })).code).toBe('E_PROMPTS_HELDOUT');
  });
});

describe('tasks', () => {
  const { tasks, read, tokenizer } = open(starter);
  const all = [...tasks.training(1, 200), ...tasks.heldOut('harmful', 15), ...tasks.heldOut('benign', 15)];

  it('gives the teacher the clauses that are routed to the category, and the student none', () => {
    const violent = all.find(({ category, kind }) => category === 'violence' && kind === 'harmful')!;
    expect(violent.constitution).toBe('Follow these rules in your answer:\n- Never harm.\n- No violence.');
    expect(read(violent.prompt)).toBe(
      `<|im_start|>user\n${violent.query}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n`,
    );
    expect(read(violent.teacherPrompt)).toBe(
      `<|im_start|>system\n${violent.constitution}<|im_end|>\n${read(violent.prompt)}`,
    );
    expect(violent.covered).toBe(true);
    const other = all.find(({ category }) => category === 'illegal')!;
    expect(other.constitution).toBe('Follow these rules in your answer:\n- Never harm.');
  });

  it('covers nothing under a constitution without clauses', () => {
    const bare = open(starter, { constitution: { title: 'none', clauses: [] } }).tasks.heldOut(
      'harmful',
      1,
    )[0]!;
    expect(bare).toMatchObject({ constitution: null, covered: false });
    expect(bare.teacherPrompt).toEqual(bare.prompt);
  });

  it('gives the judge the row and the decoded answer', () => {
    const task = tasks.heldOut('general', 1)[0]!;
    const row = starter.rows.find(({ messages }) => messages[0]!.content === task.query)!;
    const answer = Uint32Array.from([...tokenizer.encode(row.reference!), tokenizer.endOfTurn[0]!]);
    expect(task.judge(answer)).toEqual({
      text: row.reference,
      tokens: answer.length,
      label: 'comply',
      reason: `${row.line}: ${row.reference}`,
    });
    expect(task.reward(answer)).toBe(1);
    expect(task.reward(answer.slice(1))).toBe(0);
    expect(task.values('abc')).toEqual({ safety: row.line, helpfulness: 3 });
  });

  it('shows a conversation with its roles', async () => {
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Yes?' },
      { role: 'user', content: 'Why?' },
    ];
    const set = await setOf({ messages, split: 'heldout' }, { prompt: 'a', split: 'train' });
    const { tasks: talk, read: show } = open(
      set,
      { mix: { benign: 1, borderline: 0, harmful: 0, general: 0 } },
      2048,
      llama3Like(),
    );
    const task = talk.heldOut('benign', 1)[0]!;
    expect(task.query).toBe('user: Hi\nassistant: Yes?\nuser: Why?');
    expect(show(task.prompt)).toContain(
      'Hi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nYes?<|eot_id|>',
    );
  });
});

describe('lengths', () => {
  it('are those of the longest rows', () => {
    const { tasks } = open(starter);
    const every = (['benign', 'borderline', 'harmful', 'general'] as const).flatMap(kind => [
      ...tasks.heldOut(kind, 100),
      ...tasks.drawn({ benign: 0, borderline: 0, harmful: 0, general: 0, [kind]: 1 }, 45, 1),
    ]);
    expect(every).toHaveLength(240);
    expect(tasks.maxPromptTokens).toBe(Math.max(...every.map(({ prompt }) => prompt.length)));
    expect(tasks.maxTeacherPromptTokens).toBe(
      Math.max(...every.map(({ teacherPrompt }) => teacherPrompt.length)),
    );
  });

  it('beyond the context are refused with the row’s line and both numbers, never truncated', async () => {
    const set = await setOf({ prompt: 'a', split: 'train' }, { prompt: 'b '.repeat(300), split: 'heldout' });
    const mix = { benign: 1, borderline: 0, harmful: 0, general: 0 };
    const fits = open(set, { mix }).tasks;
    const needed = fits.maxTeacherPromptTokens + 32;
    expect(open(set, { mix }, needed).tasks.maxTeacherPromptTokens).toBe(fits.maxTeacherPromptTokens);
    expect(faultOf(() => open(set, { mix }, needed - 1))).toMatchObject({
      code: 'E_PROMPT_TOO_LONG',
      file: 'set',
      place: 'line 2',
      message: `prompt and answer need ${needed} tokens; the model reads ${needed - 1}`,
    });
  });

  it('leave room for a reference answer, which comes after the constitution', () => {
    const { tasks, read } = open(starter, { teacherContext: 'constitution+gold' });
    const task = tasks.heldOut('harmful', 1)[0]!;
    const prompt = tasks.goldPrompt({ ...task }, 'Sorry, I cannot.');
    expect(read(prompt)).toContain(
      `${task.constitution}\n\nA good answer to the user's last message, for reference:\nSorry, I cannot.<|im_end|>`,
    );
    expect(prompt.length).toBeLessThanOrEqual(tasks.maxTeacherPromptTokens);
    expect(tasks.maxTeacherPromptTokens).toBeGreaterThan(open(starter).tasks.maxTeacherPromptTokens);
    expect(faultOf(() => tasks.goldPrompt(task, 'x'.repeat(500))).code).toBe('E_PROMPT_TOO_LONG');
  });
});

it('the end of turn of an answer is trained on, even if the model pads with the same token', () => {
  const model = smolLike();
  expect(model.config['pad_token']).toBe(model.config['eos_token']);
  const { tasks, tokenizer, prompts } = open(starter, {}, 2048, model);
  const task = tasks.training(1, 1)[0]!;
  const response = Uint32Array.from(prompts.answer('Sorry, I cannot'));
  const { ids, scored, scoredStart } = promptAndResponse(task.prompt, response);
  expect(scored.at(-1)).toBe(tokenizer.endOfTurn[0]);
  expect(tokenizer.pieces([scored.at(-1)!])).toEqual(['<|im_end|>']);
  // Every token of the answer is predicted by the row before it; only the last is not an input. The sequence has nothing else.
  expect(scored).toEqual(response);
  expect([...ids]).toEqual([...task.prompt, ...response.slice(0, -1)]);
  expect(scoredStart).toBe(task.prompt.length);
});
