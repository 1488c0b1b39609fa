import { chatStoredAs } from '../../settings/chat-config.ts';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import type { ModelDescription } from '../../protocol/model-api.ts';
import { loraOfRank } from '../../settings/recipes.ts';
import type { RunConfig } from '../../settings/run-config.ts';

/** Above this, weights are initially stored in 8 bits: half a gigabyte in f16 is what a laptop easily gives a page. */
const MOST_HALVES = 300_000_000;
/** LoRA on a model of hundreds of millions of weights: a tenth of what the embedded model takes. */
const CHAT_LEARNING_RATE = 2e-4;

/** What of the settings belongs to the model rather than to the method. */
const modelOwn = ({
  lora,
  adapter,
  chat,
  steps,
  queries,
  rolloutsPerQuery,
  maxNewTokens,
  evaluation,
}: RunConfig) => ({ lora, adapter, chat, steps, queries, rolloutsPerQuery, maxNewTokens, evaluation });

/** The draft with another model. A chat model brings settings that fit its size; the embedded one its own. */
export function withModel(draft: RunConfig, { name, chat, facts }: ModelDescription): RunConfig {
  if (!chat)
    return draft.chat
      ? { ...draft, ...modelOwn(DEFAULT_CONFIG), model: name, optimizer: DEFAULT_CONFIG.optimizer }
      : { ...draft, model: name, adapter: null };
  return {
    ...draft,
    model: name,
    adapter: null,
    lora: draft.lora ?? loraOfRank(8),
    steps: 30,
    queries: 4,
    rolloutsPerQuery: 1,
    maxNewTokens: 128,
    chat: chatStoredAs(facts.parameters > MOST_HALVES ? 'q8' : 'f16'),
    optimizer: { ...draft.optimizer, learningRate: CHAT_LEARNING_RATE },
    evaluation: { ...DEFAULT_CONFIG.evaluation, queriesPerKind: 4, geometry: false },
  };
}
