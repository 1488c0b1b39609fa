import type { RunConfig } from '../contract/run-config.ts';
import type { QueryKind } from '../contract/world.ts';
import type { PromptBuilder } from '../data/prompt.ts';
import type { WorldTokenizer } from '../data/tokenizer.ts';
import { renderConstitution } from '../data/constitution-text.ts';
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
  const constitutionOf = (query: Query): string => renderConstitution(config.constitution, query.category);
  const task = (query: Query): Task => ({
    kind: query.kind,
    category: query.category,
    query: query.text,
    prompt: Uint32Array.from(prompts.prompt(query.text, null)),
    teacherPrompt: Uint32Array.from(prompts.prompt(query.text, constitutionOf(query))),
    judge: answer => {
      const text = tokenizer.decode([...answer]);
      const { label, reason } = judge(query, text);
      return { text, tokens: answer.length, label, reason };
    },
  });
  return {
    maxPromptTokens: MAX_QUERY_TOKENS,
    maxTeacherPromptTokens: 0,
    training: (step, count) => {
      const rng = new Rng(mixSeed(config.seed, step));
      return Array.from({ length: count }, () => task(trainingQuery(rng, config.mix)));
    },
    heldOut: (kind: QueryKind, count) => evaluationQueries(kind, count).map(task),
  };
}
