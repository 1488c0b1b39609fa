import { createChatPrompts, type ChatPromptBuilder } from '../data/chat/chat-prompts.ts';
import { createChatTokenizer } from '../data/chat/chat-tokenizer.ts';
import { eosIds } from '../data/chat/special-tokens.ts';
import type { LabTokenizer } from '../data/lab-tokenizer.ts';
import { createPromptBuilder, type PromptBuilder } from '../data/prompt.ts';
import { createWorldTokenizer, isWorldTokenizer } from '../data/tokenizer.ts';
import type { ModelFolder } from '../model/checkpoint/model-folder.ts';

/** How a model is prompted and decoded. */
export interface ModelLanguage {
  readonly tokenizer: LabTokenizer;
  /** For a plain question, without thinking. */
  readonly prompts: PromptBuilder;
  /** Conversations by a chat model's own template; null for the embedded world's language. */
  readonly chat: ChatLanguage | null;
}

export interface ChatLanguage {
  /** Whether the template has a thinking switch. */
  readonly thinks: boolean;
  prompts(options: { readonly thinking: boolean }): ChatPromptBuilder;
}

/**
 * The language of a model folder: the embedded world's if it has the world's tokenizer, else that of its chat template.
 * @throws LabError `E_TOKENIZER_*`, `E_TEMPLATE_*`.
 */
export function openLanguage(folder: Omit<ModelFolder, 'checkpoint'>): ModelLanguage {
  const { config, tokenizer: json, tokenizerConfig, chatTemplate, generation } = folder;
  if (isWorldTokenizer(json)) {
    const tokenizer = createWorldTokenizer(json, tokenizerConfig);
    return { tokenizer, prompts: createPromptBuilder(tokenizer), chat: null };
  }
  const tokenizer = createChatTokenizer(json, tokenizerConfig, {
    templateFile: chatTemplate,
    eos: [...new Set([...eosIds(generation), ...config.eos])],
    modelVocabulary: config.vocab,
  });
  const { contextLength } = config;
  const builder = (thinking: boolean): ChatPromptBuilder =>
    createChatPrompts(tokenizer, { contextLength, thinking });
  return {
    tokenizer,
    prompts: builder(false),
    chat: {
      thinks: tokenizer.template.source.includes('enable_thinking'),
      prompts: ({ thinking }) => builder(thinking),
    },
  };
}
