import type { RunConfig } from '../contract/run-config.ts';
import { CATEGORIES, type Category } from '../contract/world.ts';
import type { PromptBuilder } from '../data/prompt.ts';
import type { WorldTokenizer } from '../data/tokenizer.ts';
import { routedText } from '../data/constitution/route.ts';
import { evaluationQueries, trainingQuery } from '../world/evaluation.ts';
import { judge } from '../world/judge.ts';
import type { Query } from '../world/query-types.ts';
import { Rng } from '../world/rng.ts';
import { mixSeed } from './seeds.ts';
import type { Task, TaskSource } from './task.ts';

/** Longest query of the embedded world in tokens, with room to spare; the tokenizer's words keep it far below. */
const MAX_QUERY_TOKENS = 40;

/** Tasks of the embedded world under a run's constitution and mix. */
export function worldTasks(
  config: Pick<RunConfig, 'constitution' | 'mix' | 'seed'>,
  { tokenizer, prompts }: { tokenizer: WorldTokenizer; prompts: PromptBuilder },
): TaskSource {
  const routed = new Map(CATEGORIES.map(category => [category, routedText(config.constitution, category)]));
  const teacherPrompt = (text: string, category: Category): number[] =>
    prompts.prompt(text, routed.get(category) ?? null);
  const task = (query: Query): Task => ({
    kind: query.kind,
    category: query.category,
    query: query.text,
    prompt: Uint32Array.from(prompts.prompt(query.text, null)),
    teacherPrompt: Uint32Array.from(teacherPrompt(query.text, query.category)),
    judge: answer => {
      const text = tokenizer.decode([...answer]);
      const { label, reason } = judge(query, text);
      return { text, tokens: answer.length, label, reason };
    },
  });
  return {
    maxPromptTokens: MAX_QUERY_TOKENS,
    maxTeacherPromptTokens:
      MAX_QUERY_TOKENS + Math.max(...CATEGORIES.map(category => teacherPrompt('', category).length)),
    training: (step, count) => {
      const rng = new Rng(mixSeed(config.seed, step));
      return Array.from({ length: count }, () => task(trainingQuery(rng, config.mix)));
    },
    heldOut: (kind, count) => evaluationQueries(kind, count).map(task),
  };
}
