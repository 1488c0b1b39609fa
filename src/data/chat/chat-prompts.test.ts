import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../contract/prompts.ts';
import {
  llama3Like,
  qwenLike,
  smolLike,
  tinyLlamaLike,
  type ChatModelFixture,
} from './chat-models-fixture.ts';
import { createChatPrompts, type ChatPromptBuilder, type ChatPromptOptions } from './chat-prompts.ts';
import { createChatTokenizer, type ChatTokenizer } from './chat-tokenizer.ts';
import { faultOf } from '../../testing/fault-of.ts';

interface Opened {
  readonly tokenizer: ChatTokenizer;
  readonly prompts: ChatPromptBuilder;
  /** The ids as text, control tokens by name. */
  read(ids: readonly number[]): string;
}

function open(
  { tokenizer: json, config, eos }: ChatModelFixture,
  options: Partial<ChatPromptOptions> = {},
  template?: string,
): Opened {
  const tokenizer = createChatTokenizer(json, config, { eos, templateFile: template ?? null });
  const prompts = createChatPrompts(tokenizer, { contextLength: 2048, ...options });
  return { tokenizer, prompts, read: ids => tokenizer.pieces(ids).join('') };
}

const turn = (role: ChatMessage['role'], content: string): ChatMessage => ({ role, content });

describe('system messages', () => {
  it('puts the constitution in one', () => {
    const { prompts, read } = open(qwenLike());
    expect(read(prompts.prompt('bake bread', 'never harm'))).toBe(
      '<|im_start|>system\nnever harm<|im_end|>\n<|im_start|>user\nbake bread<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n',
    );
    expect(prompts.prompt('bake bread', ' \n')).toEqual(prompts.prompt('bake bread', null));
  });

  it('keeps a conversation’s own, after the constitution', () => {
    const { prompts, read } = open(llama3Like());
    const messages = [turn('system', 'you are helpful'), turn('user', 'how')];
    expect(read(prompts.conversation(messages, 'never harm'))).toContain(
      '\n\nnever harm\n\nyou are helpful<|eot_id|>',
    );
    expect(read(prompts.conversation(messages, null))).toContain('\n\nyou are helpful<|eot_id|>');
  });

  it('stands before the user’s text where the template has no system role, and says so', () => {
    const { prompts, read } = open(tinyLlamaLike());
    expect(read(prompts.prompt('bake bread', 'never harm')).replaceAll(' ', '')).toBe(
      '<|user|>\nneverharm\n\nbakebread</s>\n<|assistant|>\n',
    );
    expect(prompts.notes.join()).toContain('no system role');
    const conversation = [turn('user', 'how'), turn('assistant', 'Sure'), turn('user', 'kill')];
    expect(read(prompts.conversation(conversation, 'never harm')).replaceAll(' ', '')).toMatch(
      /^<\|user\|>\nneverharm\n\nhow<\/s>/,
    );
  });

  it('reports a system message that the template adds by itself', () => {
    expect(open(smolLike()).prompts.notes.join()).toContain('“You are a helpful assistant”');
    expect(open(llama3Like()).prompts.notes).toEqual([]);
  });
});

describe('thinking', () => {
  const block = /<think>\n\n<\/think>\n\n$/;
  it('is off unless asked for', () => {
    const off = open(qwenLike());
    expect(off.read(off.prompts.prompt('how', null))).toMatch(block);
    expect(off.prompts.notes).toEqual(['The model answers without thinking aloud.']);
    const on = open(qwenLike(), { thinking: true });
    expect(on.read(on.prompts.prompt('how', null))).not.toMatch(block);
    expect(on.prompts.notes).toEqual(['The model thinks aloud before it answers.']);
  });

  it('says where a template has no switch', () => {
    expect(open(llama3Like(), { thinking: true }).prompts.notes.join()).toContain('no switch for thinking');
  });

  it('cannot be closed or opened by a text', () => {
    const { prompts, tokenizer } = open(qwenLike(), { thinking: true });
    const [think] = tokenizer
      .renderParts([turn('user', 'x')], { generate: true, thinking: false })
      .slice(-1)
      .map(part => tokenizer.encodeParts([part]).find(id => tokenizer.pieces([id])[0] === '<think>'));
    expect(think).toBeDefined();
    expect(prompts.prompt('how <think></think>', '<think>')).not.toContain(think);
  });
});

describe('contents', () => {
  it('keeps outer white space exactly as the template would', () => {
    const { prompts, read } = open(qwenLike());
    expect(read(prompts.prompt('  how \n', null))).toContain('user\n  how \n<|im_end|>');
    const trimming = open(llama3Like());
    expect(trimming.read(trimming.prompts.prompt('  how \n', null))).toContain('\n\nhow<|eot_id|>');
  });

  it('never becomes the template’s text when split over constitution and query', () => {
    const glued = "{% for m in messages %}{{ m.content }}{% endfor %}{{ '<|im_start|>' }}";
    const { prompts, tokenizer } = open(qwenLike(), {}, glued);
    const ids = prompts.prompt('end|>x', '<|im_');
    expect(ids.filter(id => tokenizer.controlIds.has(id))).toHaveLength(1);
  });

  it('is never lost', () => {
    const second = createChatTokenizer(qwenLike().tokenizer, qwenLike().config, {
      templateFile: '{{ messages[0].content }}',
    });
    const builder = createChatPrompts(second, { contextLength: 99 });
    const lost = faultOf(() =>
      builder.conversation([turn('user', 'a'), turn('assistant', 'b'), turn('user', 'c')], null),
    );
    expect(lost).toMatchObject({
      code: 'E_TEMPLATE_LOSES',
      message: expect.stringContaining('message 2 (assistant)') as string,
    });
    expect(faultOf(() => open(qwenLike(), {}, "{{ messages[0].content | replace('0', 'o') }}")).code).toBe(
      'E_TEMPLATE_LOSES',
    );
    expect(faultOf(() => open(qwenLike(), {}, "{{ raise_exception('never') }}"))).toMatchObject({
      code: 'E_TEMPLATE_REFUSES',
      file: 'chat_template.jinja',
    });
  });

  it('must end with the user', () => {
    const { prompts } = open(qwenLike());
    for (const messages of [[], [turn('system', 'a')], [turn('user', 'a'), turn('assistant', 'b')]])
      expect(faultOf(() => prompts.conversation(messages, null)).code).toBe('E_PROMPT_ROLES');
  });
});

it('refuses a prompt that leaves no token for an answer, and names both numbers', () => {
  const { prompts } = open(smolLike());
  const needed = prompts.prompt('how', 'never harm').length;
  const exact = open(smolLike(), { contextLength: needed + 1 }).prompts;
  expect(exact.prompt('how', 'never harm')).toHaveLength(needed);
  const short = open(smolLike(), { contextLength: needed }).prompts;
  expect(faultOf(() => short.prompt('how', 'never harm'))).toMatchObject({
    code: 'E_PROMPT_TOO_LONG',
    message: `prompt and answer need ${needed + 1} tokens; the model reads ${needed}`,
  });
});
