import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from './default-config.ts';
import type { ChatConfig } from './chat-config.ts';
import type { RunConfig } from './run-config.ts';
import { diffConfigs } from './differences.ts';

const CHAT: ChatConfig = {
  storage: 'f16',
  recompute: 'auto',
  prompts: null,
  thinking: false,
  classifier: null,
};
const chat = (changes: Partial<ChatConfig> = {}, rest: Partial<RunConfig> = {}): RunConfig => ({
  ...DEFAULT_CONFIG,
  model: `lab/tiny@${'ab'.repeat(20)}`,
  chat: { ...CHAT, ...changes },
  ...rest,
});
const told = (before: RunConfig, after: RunConfig): string[] =>
  diffConfigs(before, after).map(({ label, before: from, after: to }) => `${label}: ${from} → ${to}`);

test('each setting of a chat model is told where both sides have it', () => {
  const prompts = { title: 'mine', sha256: '1'.repeat(64) };
  expect(
    told(
      chat(),
      chat({ storage: 'q8', recompute: 'always', thinking: true, prompts }, { adapter: 'own: a' }),
    ),
  ).toEqual([
    'Starts from: a fresh adapter → own: a',
    'Frozen weights: 16 bits (halves) → 8 bits a weight',
    'Compute activations again: when memory asks for it → always',
    'Prompt set: starter set → mine',
    'Thinks aloud: off → on',
  ]);
});

test('another model is told by its short name, without settings that the other has not', () => {
  expect(told(DEFAULT_CONFIG, chat())).toEqual(['Model: world-s → lab/tiny @ abababab']);
});

test('sets of prompts of one title and other contents differ', () => {
  const set = (digit: string): RunConfig => chat({ prompts: { title: 'mine', sha256: digit.repeat(64) } });
  expect(told(set('1'), set('2'))).toEqual(['Prompt set: mine → mine']);
  expect(told(set('1'), set('1'))).toEqual([]);
});
