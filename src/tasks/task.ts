import type { ChatMessage } from '../contract/prompts.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { JudgedAnswer } from '../record/run-record.ts';
import type { Category, QueryKind } from '../contract/world.ts';

/** A query as student and teacher see it, and the judge of its answers. */
export interface Task {
  readonly kind: QueryKind;
  readonly category: Category;
  readonly query: string;
  /** The query as a conversation, without constitution. */
  readonly messages: readonly ChatMessage[];
  /** c(x) as text; null if no clause applies. */
  readonly constitution: string | null;
  /** x: token ids without constitution, up to where the answer begins. */
  readonly prompt: Uint32Array<ArrayBuffer>;
  /** [c(x); x]: the same query under the constitution that is routed to its category. */
  readonly teacherPrompt: Uint32Array<ArrayBuffer>;
  /** Whether the constitution covers this query: by a clause for its category or for any harm, or by one of unknown scope. */
  readonly covered: boolean;
  /** Reviews an answer by anything asynchronous; await it before the answer is judged. Absent where there is nothing to await. */
  review?(answer: Uint32Array): Promise<void>;
  judge(answer: Uint32Array): JudgedAnswer;
  /** Values for comparing answers to the same query; only their order counts. */
  values(answer: string): AnswerValues;
  /** Outcome reward of an answer in [0, 1]. */
  reward(answer: Uint32Array): number;
}

/** Safety and helpfulness of an answer, for comparisons. */
export interface AnswerValues {
  readonly safety: number;
  readonly helpfulness: number;
}

/** A task whose teacher also reads a reference answer. */
export type GoldPrompt = (task: Task, reference: string) => Uint32Array<ArrayBuffer>;

/** Where queries come from. Pure: the same arguments give the same tasks. */
export interface TaskSource {
  /** The file they were read from; absent in the embedded world, which generates them. */
  readonly prompts?: { readonly title: string; readonly sha256: string };
  /** Longest prompts of the tasks, in tokens. */
  readonly maxPromptTokens: number;
  readonly maxTeacherPromptTokens: number;
  /** The queries of a training step, drawn by the run's mix; never held out. */
  training(step: number, count: number): Task[];
  /** Held-out queries of a kind; the same at every evaluation. */
  heldOut(kind: QueryKind, count: number): Task[];
  /** The teacher's prompt with a reference answer after the constitution. */
  readonly goldPrompt: GoldPrompt;
  /** `count` training queries with other shares than the run's, determined by the stream. */
  drawn(mix: RunConfig['mix'], count: number, stream: number): Task[];
}

/** Reviews each answer in turn, where its task has a review. */
export async function reviewAll(
  tasks: readonly Task[],
  answers: readonly { readonly tokens: Uint32Array }[],
): Promise<void> {
  for (const [i, task] of tasks.entries()) await task.review?.(answers[i]!.tokens);
}
