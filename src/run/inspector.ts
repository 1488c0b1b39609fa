import type { InspectionRecord } from '../record/inspection.ts';
import { QUERY_KINDS } from '../contract/world.ts';
import { answerAll, type Answered } from '../measure/evaluation.ts';
import { inspectionRecord } from '../measure/inspection-record.ts';
import { divergenceLoss } from '../learn/objective.ts';
import type { PreparedRun } from './prepare-run.ts';
import { STREAM } from '../tasks/seeds.ts';
import type { Teacher } from '../learn/teachers.ts';
import type { Inspection } from '../learn/token-inspection.ts';
import type { AnswerGenerator } from '../learn/generator.ts';

type Inspectable = Pick<PreparedRun, 'lab' | 'config' | 'distiller'>;

/**
 * Inspects the answers to the first held-out queries of each kind token by token, at every evaluation and on request: the student's current
 * answer, and its answer from before step 1, the same text throughout the run. The teacher reads the constitution, as in evaluations, and
 * no reference answer.
 */
export class Inspector {
  readonly #run: Inspectable;
  readonly #by: Inspection;
  readonly #initial: readonly Answered[];
  #last = -1;

  private constructor(run: Inspectable, by: Inspection, initial: readonly Answered[]) {
    this.#run = run;
    this.#by = by;
    this.#initial = initial;
  }

  /** Compiles its kernels. @param initial the answers before step 1 */
  static async open(run: Inspectable, { scorer }: Teacher, initial: readonly Answered[]): Promise<Inspector> {
    const { lab, config, distiller } = run;
    const by = { teacher: scorer, base: lab.base.decoder, loss: divergenceLoss(config) };
    await distiller.prepareInspection(by);
    return new Inspector(run, by, initial);
  }

  /** @param current the student's answers to the held-out queries at this step; the initial ones at step 0 */
  async inspect(step: number, current: readonly Answered[]): Promise<InspectionRecord[]> {
    return await this.#read(step, step === 0 ? [] : this.#rows().map(row => current[row]!));
  }

  /** Inspects the student between two steps, by answering just the inspected queries; empty if this step was already inspected. */
  async now(step: number, student: AnswerGenerator): Promise<InspectionRecord[]> {
    if (step === this.#last) return [];
    const { seed, maxNewTokens } = this.#run.config;
    const tasks = this.#rows().map(row => this.#initial[row]!.task);
    const numbers = { seed, maxNewTokens, stream: STREAM.inspection };
    return await this.#read(step, await answerAll(student, tasks, { withConstitution: false, ...numbers }));
  }

  /** The inspected held-out queries, by their index among all. */
  #rows(): number[] {
    const { inspect } = this.#run.config.evaluation;
    return QUERY_KINDS.flatMap(kind =>
      this.#initial.flatMap(({ task }, row) => (task.kind === kind ? [row] : [])).slice(0, inspect),
    );
  }

  async #read(step: number, current: readonly Answered[]): Promise<InspectionRecord[]> {
    const { lab, distiller } = this.#run;
    const answers = [
      ...this.#rows().map(row => ({ answer: 'initial' as const, of: this.#initial[row]! })),
      ...current.map(of => ({ answer: 'current' as const, of })),
    ];
    const records: InspectionRecord[] = [];
    for (let start = 0; start < answers.length; start += distiller.capacity) {
      const slice = answers.slice(start, start + distiller.capacity);
      const found = await distiller.inspect(
        slice.map(({ of: { task, rollout } }) => ({ ...task, response: rollout.tokens })),
        this.#by,
      );
      records.push(
        ...slice.map(({ answer, of: { task, rollout } }, index) =>
          inspectionRecord(
            {
              about: { step, prompt: task.query, kind: task.kind, answer },
              response: rollout.tokens,
              found,
              index,
            },
            lab.tokenizer,
          ),
        ),
      );
    }
    this.#last = step;
    return records;
  }
}
