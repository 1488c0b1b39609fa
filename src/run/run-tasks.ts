import type { RunConfig } from '../settings/run-config.ts';
import { createTextJudge } from '../data/judge/text-judge.ts';
import { chatOpenings } from '../data/judge/refusal-openings.ts';
import { LabError } from '../contract/errors.ts';
import { AnswerReview } from '../tasks/answer-review.ts';
import type { ClassifierRegistry } from '../assets/classifier-registry.ts';
import { refusalOpenings } from '../world/openings.ts';
import type { ModelLanguage } from '../assets/model-language.ts';
import { promptTasks } from '../tasks/prompt-tasks.ts';
import type { PromptRegistry } from '../assets/prompt-registry.ts';
import type { TaskSource } from '../tasks/task.ts';
import { worldTasks } from '../tasks/world-tasks.ts';

/** The source of a run's queries, and the tokens that open a refusal in its language. */
export interface RunTasks {
  readonly tasks: TaskSource;
  readonly openings: readonly number[];
}

/** What tasks are built from. */
export interface TaskParts extends ModelLanguage {
  readonly name: string;
  readonly promptSets: Pick<PromptRegistry, 'find'>;
  readonly classifiers: Pick<ClassifierRegistry, 'find'>;
  readonly config: { readonly contextLength: number };
}

/**
 * The tasks of a run in the model's own language: those of the embedded world, or prompts in natural language.
 * @throws LabError `E_MODEL_LANGUAGE` when settings and model are for different languages; others as `promptTasks`.
 */
export async function runTasks(parts: TaskParts, config: RunConfig): Promise<RunTasks> {
  const { tokenizer, chat } = parts;
  if ((chat === null) !== (config.chat === null)) throw otherLanguage(parts.name, chat !== null);
  if (!chat || !config.chat) {
    const openings = refusalOpenings().flatMap(word => tokenizer.encode(word).slice(0, 1));
    return { tasks: worldTasks(config, parts), openings };
  }
  const prompts = chat.prompts({ thinking: config.chat.thinking });
  const set = await parts.promptSets.find(config.chat.prompts);
  const { contextLength } = parts.config;
  const { classifier } = config.chat;
  const review = classifier && new AnswerReview(parts.classifiers.find(classifier), classifier);
  const judge = createTextJudge(review);
  return {
    tasks: promptTasks(config, { set, tokenizer, prompts, judge, review, contextLength }),
    openings: chatOpenings(tokenizer),
  };
}

const otherLanguage = (name: string, chats: boolean): LabError =>
  new LabError({
    code: 'E_MODEL_LANGUAGE',
    message: chats
      ? `${name} is prompted in natural language, but the settings are those of the embedded model`
      : `${name} speaks the embedded world’s language, but the settings are those of a chat model`,
    place: 'chat',
    consequence: 'The run did not start.',
    nextStep: 'Choose the model again: that sets the settings it needs.',
  });
