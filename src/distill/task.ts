import type { JudgedAnswer } from '../contract/run-record.ts';
import type { Category, QueryKind } from '../contract/world.ts';

/** A query as student and teacher meet it, and the judge of its answers. */
export interface Task {
  readonly kind: QueryKind;
  readonly category: Category;
  readonly query: string;
  /** x: token ids without constitution, up to where the answer begins. */
  readonly prompt: Uint32Array<ArrayBuffer>;
  /** [c(x); x]: the same query under the constitution that is routed to its category. */
  readonly teacherPrompt: Uint32Array<ArrayBuffer>;
  judge(answer: Uint32Array): JudgedAnswer;
}

/** Where queries come from. Pure: the same arguments give the same tasks. */
export interface TaskSource {
  /** Longest prompts that tasks have, in tokens. */
  readonly maxPromptTokens: number;
  readonly maxTeacherPromptTokens: number;
  /** The queries of a training step, drawn by the run's mix; never held out. */
  training(step: number, count: number): Task[];
  /** Held-out queries of a kind; the same at every evaluation. */
  heldOut(kind: QueryKind, count: number): Task[];
}
