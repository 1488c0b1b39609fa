import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import { LabError } from '../contract/errors.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { memorySource } from '../model/checkpoint/model-source.ts';
import { chatConfig, chatFiles, noStore } from './chat-lab-fixture.ts';
import { ModelCatalog } from './model-catalog.ts';
import { ModelRegistry } from './model-registry.ts';
import { PromptRegistry } from '../assets/prompt-registry.ts';

const open = () => Promise.resolve(memorySource('world-s', new Map()));
const registry = new ModelRegistry(
  { embedded: [{ name: 'world-s', open }], store: noStore() },
  () => undefined,
);
const catalog = new ModelCatalog(
  registry,
  new PromptRegistry(() => Promise.reject(new Error('not asked for'))),
);
const chat = chatConfig('world-s', 'a'.repeat(64));

it('takes a run that needs nothing but what ships with the page', async () => {
  await expect(catalog.requireParts(DEFAULT_CONFIG, new Map())).resolves.toBeUndefined();
});

it.each<readonly [string, Partial<RunConfig>, string, RegExp]>([
  ['model of the disk', { model: 'own: mine' }, 'E_MODEL_UNKNOWN', /folder again/],
  ['model of the hub', { model: `a/b@${'0'.repeat(40)}` }, 'E_STORAGE_MISSING', /./],
  ['set of prompts', { chat: chat.chat }, 'E_PROMPTS_GONE', /file again/],
  ['adapter', { adapter: 'own: adapter' }, 'E_ADAPTER_GONE', /again/],
  ['teacher', { teacher: { kind: 'external', model: 'own: teacher' } }, 'E_TEACHER_GONE', /again/],
])('refuses a kept run whose %s is gone, with what to choose again', async (_, change, code, next) => {
  const refusal = await catalog.requireParts({ ...DEFAULT_CONFIG, ...change }, new Map()).then(
    () => null,
    (error: unknown) => (error instanceof LabError ? error.fault : null),
  );
  expect(refusal?.code).toBe(code);
  expect(refusal?.nextStep).toMatch(next);
});

it('takes a teacher that was added again', async () => {
  const config: RunConfig = { ...DEFAULT_CONFIG, teacher: { kind: 'external', model: 'own: teacher' } };
  await expect(catalog.requireParts(config, new Map([['own: teacher', {}]]))).resolves.toBeUndefined();
});

it('reads a constitution as the chat model of the settings does: its own template with the rules in it', async () => {
  const { name } = await registry.add('mine', chatFiles('mine'));
  const rule = { category: 'hate', style: null, enabled: true } as const;
  const constitution = { title: 'T', clauses: [{ ...rule, id: 'a', text: 'never support harm' }] };
  const read = (thinking: boolean, gold = false) =>
    catalog.reading(constitution, { model: name, thinking, gold });
  const { routed, tokens } = await read(false);
  expect(routed.hate.text).toBe(
    '<|im_start|>system\nFollow these rules in your answer:\n- never support harm<|im_end|>\n' +
      '<|im_start|>user\n…<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n',
  );
  expect(routed.privacy.text).not.toContain('system');
  expect(routed.hate.tokens).toBeGreaterThan(routed.privacy.tokens);
  expect(routed.hate.tokens).toBeGreaterThan(tokens);
  expect((await read(true)).routed.hate.text).toMatch(/assistant\n$/);
  expect((await read(false, true)).routed.hate.text).toContain('harm\n\nA good answer');
});
