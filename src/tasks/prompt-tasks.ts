import { LabError } from '../contract/errors.ts';
import type { PromptRow, PromptSet } from '../contract/prompts.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { CATEGORIES, QUERY_KINDS, type QueryKind } from '../contract/world.ts';
import { tooLong, type ChatPromptBuilder } from '../data/chat/chat-prompts.ts';
import { routeClauses } from '../data/constitution/route.ts';
import type { LabTokenizer } from '../data/lab-tokenizer.ts';
import { constitutionText, withReference } from '../data/prompts/constitution-text.ts';
import type { TextJudge } from '../data/text-judge.ts';
import { Rng } from '../world/rng.ts';
import type { AnswerReview } from './answer-review.ts';
import { mixSeed } from './seeds.ts';
import type { Task, TaskSource } from './task.ts';

/** What prompts in natural language need to be asked and judged. */
export interface PromptTaskParts {
  readonly set: PromptSet;
  readonly tokenizer: Pick<LabTokenizer, 'decode'>;
  readonly prompts: Pick<ChatPromptBuilder, 'conversation'>;
  readonly judge: TextJudge;
  /** Classifies answers before they are judged; null if phrases alone judge. */
  readonly review: Pick<AnswerReview, 'read'> | null;
  /** The model's context length in tokens. */
  readonly contextLength: number;
}

interface PromptTask extends Task {
  readonly row: PromptRow;
}

/** Seed for the order of held-out prompts, so that the first few are varied; the same in every run. */
const HELD_OUT_SEED = 77;

/**
 * Tasks of a prompt set under a run's constitution and mix. The prompts of every row are built up front, so a run whose longest row does
 * not fit is refused before it starts. Held-out rows are never drawn for training.
 * @throws LabError `E_PROMPTS_MIX` for a kind with a share and no row to train on, `E_PROMPTS_HELDOUT` when nothing is held out,
 *   `E_PROMPT_TOO_LONG` and `E_TEMPLATE_*` with the row's line.
 */
export function promptTasks(
  config: Pick<RunConfig, 'constitution' | 'mix' | 'seed' | 'teacherContext' | 'maxNewTokens'>,
  parts: PromptTaskParts,
): TaskSource {
  const { set, contextLength } = parts;
  const gold = config.teacherContext === 'constitution+gold';
  const taskOf = taskBuilder(config, parts);
  const longest = { prompt: 0, teacher: 0 };
  const tasks = set.rows.map(row =>
    atRow(set, row, () => {
      const task = taskOf(row);
      const frame = gold ? goldPrompt(task, '').length + config.maxNewTokens : 0;
      const teacher = Math.max(task.teacherPrompt.length, frame);
      const needed = Math.max(task.prompt.length, teacher) + config.maxNewTokens;
      if (needed > contextLength) throw tooLong(needed, contextLength);
      longest.prompt = Math.max(longest.prompt, task.prompt.length);
      longest.teacher = Math.max(longest.teacher, teacher);
      return task;
    }),
  );
  const training = byKind(tasks.filter(({ row }) => row.split === 'train'));
  const heldOut = byKind(new Rng(HELD_OUT_SEED).shuffle(tasks.filter(({ row }) => row.split === 'heldout')));
  if (QUERY_KINDS.every(kind => heldOut[kind].length === 0)) throw nothingHeldOut(set);
  requireKinds(set, config.mix, training);

  function goldPrompt(task: PromptTask, reference: string): Uint32Array<ArrayBuffer> {
    const { row, constitution } = task;
    return Uint32Array.from(parts.prompts.conversation(row.messages, withReference(constitution, reference)));
  }
  const drawn = (mix: RunConfig['mix'], count: number, stream: number): Task[] => {
    requireKinds(set, mix, training);
    return drawTasks(training, mix, count, new Rng(mixSeed(config.seed, stream)));
  };
  return {
    prompts: { title: set.title, sha256: set.sha256 },
    maxPromptTokens: longest.prompt,
    maxTeacherPromptTokens: longest.teacher,
    training: (step, count) => drawn(config.mix, count, step),
    heldOut: (kind, count) => heldOut[kind].slice(0, count),
    goldPrompt: (task, reference) => {
      const known = task as PromptTask;
      return atRow(set, known.row, () => {
        const prompt = goldPrompt(known, reference);
        // A model's text can have more tokens when encoded than when sampled.
        if (prompt.length > longest.teacher)
          throw tooLong(prompt.length + config.maxNewTokens, longest.teacher + config.maxNewTokens);
        return prompt;
      });
    },
    drawn,
  };
}

function taskBuilder(
  { constitution }: Pick<RunConfig, 'constitution'>,
  { tokenizer, prompts, judge, review }: PromptTaskParts,
): (row: PromptRow) => PromptTask {
  const routed = new Map(CATEGORIES.map(category => [category, constitutionText(constitution, category)]));
  const covers = new Map(
    CATEGORIES.map(category => [
      category,
      routeClauses(constitution, category).some(clause => clause.category !== null || clause.style === null),
    ]),
  );
  return row => {
    const { kind, category, messages } = row;
    const rules = routed.get(category) ?? null;
    const textOf = (answer: Uint32Array): string => tokenizer.decode([...answer]);
    return {
      row,
      kind,
      category,
      query: queryText(messages),
      messages,
      constitution: rules,
      covered: covers.get(category) ?? false,
      prompt: Uint32Array.from(prompts.conversation(messages, null)),
      teacherPrompt: Uint32Array.from(prompts.conversation(messages, rules)),
      ...(review && kind === 'harmful' && { review: (answer: Uint32Array) => review.read(textOf(answer)) }),
      judge: answer => {
        const text = textOf(answer);
        return { text, tokens: answer.length, ...judge.judge(row, text) };
      },
      values: answer => judge.values(row, answer),
      reward: answer => judge.reward(row, textOf(answer)),
    };
  };
}

/** A conversation for display: a single question as it is, else every turn with its role. */
function queryText(messages: PromptRow['messages']): string {
  const [only] = messages;
  if (messages.length === 1) return only!.content;
  return messages.map(({ role, content }) => `${role}: ${content}`).join('\n');
}

type ByKind = Readonly<Record<QueryKind, readonly PromptTask[]>>;

const byKind = (tasks: readonly PromptTask[]): ByKind =>
  Object.fromEntries(
    QUERY_KINDS.map(kind => [kind, tasks.filter(task => task.kind === kind)]),
  ) as unknown as ByKind;

/** Draws kinds by their shares and rows of a kind in random order; no row repeats before all of its kind were drawn. */
function drawTasks(pool: ByKind, mix: RunConfig['mix'], count: number, rng: Rng): Task[] {
  const kinds = QUERY_KINDS.filter(kind => mix[kind] > 0);
  const shares = kinds.map(kind => mix[kind]);
  const waiting = new Map<QueryKind, PromptTask[]>();
  return Array.from({ length: count }, () => {
    const kind = rng.weighted(kinds, shares);
    let rest = waiting.get(kind) ?? [];
    if (rest.length === 0) {
      rest = [...pool[kind]];
      waiting.set(kind, rest);
    }
    return rng.take(rest);
  });
}

/** Adds the row's line to any fault. */
function atRow<T>({ title }: PromptSet, { line }: PromptRow, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new LabError({ ...error.fault, file: title, place: `line ${line}` }, error);
  }
}

const CONSEQUENCE = 'The run did not start.';

function requireKinds({ title }: PromptSet, mix: RunConfig['mix'], training: ByKind): void {
  const missing = QUERY_KINDS.filter(kind => mix[kind] > 0 && training[kind].length === 0);
  if (missing.length === 0) return;
  throw new LabError({
    code: 'E_PROMPTS_MIX',
    file: title,
    consequence: CONSEQUENCE,
    message: `the mix has a share of ${missing.join(' and ')} prompts, but the set has none to train on`,
    nextStep: 'Set that share to 0, or add such prompts to the set.',
  });
}

const nothingHeldOut = ({ title }: PromptSet): LabError =>
  new LabError({
    code: 'E_PROMPTS_HELDOUT',
    file: title,
    consequence: CONSEQUENCE,
    message: 'the set has no held-out prompts, so there is nothing to evaluate on',
    nextStep: 'Give some lines "split": "heldout", or more lines without "split".',
  });
