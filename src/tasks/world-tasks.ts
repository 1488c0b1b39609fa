import type { RunConfig } from '../settings/run-config.ts';
import { CATEGORIES, type Category } from '../contract/world.ts';
import type { PromptBuilder } from '../data/prompt.ts';
import type { LabTokenizer } from '../data/lab-tokenizer.ts';
import { routeClauses, routedText } from '../data/constitution/route.ts';
import { answerValues } from '../world/benchmarks/preference.ts';
import { evaluationQueries, trainingQuery } from '../world/evaluation.ts';
import { judge } from '../world/judge.ts';
import type { Query } from '../world/query-types.ts';
import { Rng } from '../world/rng.ts';
import { outcomeReward } from '../data/outcome-reward.ts';
import { mixSeed } from './seeds.ts';
import type { Task, TaskSource } from './task.ts';

/** Longest query of the embedded world in tokens, with a margin; real ones are much shorter. */
const MAX_QUERY_TOKENS = 40;

/** Tasks of the embedded world under a run's constitution and mix. */
export function worldTasks(
  config: Pick<RunConfig, 'constitution' | 'mix' | 'seed' | 'teacherContext' | 'maxNewTokens'>,
  { tokenizer, prompts }: { tokenizer: Pick<LabTokenizer, 'decode'>; prompts: PromptBuilder },
): TaskSource {
  const { constitution } = config;
  const routed = new Map(CATEGORIES.map(category => [category, routedText(constitution, category)]));
  const covers = new Map(
    CATEGORIES.map(category => [
      category,
      routeClauses(constitution, category).some(clause => clause.category !== null || clause.style === null),
    ]),
  );
  const textOf = (answer: Uint32Array): string => tokenizer.decode([...answer]);
  const teacherPrompt = (text: string, category: Category): number[] =>
    prompts.prompt(text, routed.get(category) ?? null);
  const task = (query: Query): Task => ({
    kind: query.kind,
    category: query.category,
    query: query.text,
    messages: [{ role: 'user', content: query.text }],
    constitution: routed.get(query.category) ?? null,
    covered: covers.get(query.category) ?? false,
    prompt: Uint32Array.from(prompts.prompt(query.text, null)),
    teacherPrompt: Uint32Array.from(teacherPrompt(query.text, query.category)),
    judge: answer => {
      const text = textOf(answer);
      const { label, reason } = judge(query, text);
      return { text, tokens: answer.length, label, reason };
    },
    values: answer => answerValues(query, answer),
    reward: answer => outcomeReward(query.kind, judge(query, textOf(answer)).label),
  });
  const draw = (mix: RunConfig['mix'], count: number, stream: number): Task[] => {
    const rng = new Rng(mixSeed(config.seed, stream));
    return Array.from({ length: count }, () => task(trainingQuery(rng, mix)));
  };
  const gold = config.teacherContext === 'constitution+gold' ? config.maxNewTokens : 0;
  return {
    maxPromptTokens: MAX_QUERY_TOKENS,
    maxTeacherPromptTokens:
      MAX_QUERY_TOKENS + gold + Math.max(...CATEGORIES.map(category => teacherPrompt('', category).length)),
    training: (step, count) => draw(config.mix, count, step),
    drawn: draw,
    heldOut: (kind, count) => evaluationQueries(kind, count).map(task),
    goldPrompt: ({ query, constitution: rules }, reference) =>
      Uint32Array.from(prompts.prompt(query, [rules, reference].filter(Boolean).join(' '))),
  };
}
