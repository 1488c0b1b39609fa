import type { CalibrationConfig } from '../settings/method-config.ts';
import type { CrossedRow } from '../record/run-record.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { STREAM } from '../tasks/seeds.ts';
import { reviewAll, type Task, type TaskSource } from '../tasks/task.ts';
import { generateAll, type AnswerGenerator } from './generator.ts';

/** A pair of the crossed set: what the page shows, and what is learnt. */
export interface CrossedPair {
  readonly row: CrossedRow;
  /** [c(x); x] */
  readonly prompt: Uint32Array<ArrayBuffer>;
  readonly response: Uint32Array<ArrayBuffer>;
}

/** Pairs yielded at a time, so that the page shows the set growing. */
const BATCH = 64;

/**
 * The crossed set of Cross-SFT (COPSD, arXiv 2606.03089), always learnt under the constitution c(x): for harmless and general
 * queries the student's own answer, given *without* c; for harmful ones that c covers the frontier's, given *with* it. A harmful
 * query of which c says nothing keeps the student's own answer: the constitution must not reach beyond its words. Without
 * `selfAnswers` (ablation) the set is the frontier's part alone. Yields the pairs in batches.
 */
export async function* buildCrossedSet(
  config: Pick<RunConfig, 'seed' | 'maxNewTokens'>,
  calibration: CalibrationConfig,
  tasks: TaskSource,
  generators: { readonly self: AnswerGenerator; readonly frontier: AnswerGenerator },
): AsyncGenerator<CrossedPair[], void, undefined> {
  const drawn = crossedTasks(calibration, tasks);
  for (let first = 0; first < drawn.length; first += BATCH) {
    const slice = drawn.slice(first, first + BATCH);
    const answers = new Map<Task, Uint32Array<ArrayBuffer>>();
    for (const source of ['self', 'frontier'] as const) {
      const asked = slice.filter(task => sourceOf(task) === source);
      const prompts = asked.map(task => (source === 'self' ? task.prompt : task.teacherPrompt));
      const stream = STREAM.crossedAnswers + 2 * first + Number(source === 'frontier') * BATCH;
      const written = await generateAll(generators[source], prompts, { ...config, stream });
      await reviewAll(asked, written);
      asked.forEach((task, i) => answers.set(task, written[i]!.tokens));
    }
    yield slice.map((task, i) => crossedPair(first + i, task, answers.get(task)!));
  }
}

const sourceOf = ({ kind, covered }: Task): CrossedRow['source'] =>
  kind === 'harmful' && covered ? 'frontier' : 'self';

function crossedTasks(
  { pairs, harmfulShare, generalShare, selfAnswers }: CalibrationConfig,
  tasks: TaskSource,
): Task[] {
  const harmless = (1 - harmfulShare - generalShare) / 2;
  const mix = { benign: harmless, borderline: harmless, harmful: harmfulShare, general: generalShare };
  const drawn = tasks.drawn(mix, pairs, STREAM.crossedQueries);
  return selfAnswers ? drawn : drawn.filter(task => sourceOf(task) === 'frontier');
}

function crossedPair(id: number, task: Task, response: Uint32Array<ArrayBuffer>): CrossedPair {
  const { kind, category, query, constitution } = task;
  return {
    row: { id, kind, category, query, constitution, answer: task.judge(response), source: sourceOf(task) },
    prompt: task.teacherPrompt,
    response,
  };
}
