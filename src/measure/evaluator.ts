import type { RunConfig } from '../settings/run-config.ts';
import type { EvaluationRecord } from '../record/run-record.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import type { Distiller } from '../learn/distiller.ts';
import type { Rollout } from '../model/rollout-types.ts';
import { answerAll, judgeAll, klToTeacher, summarize, type Answered } from './evaluation.ts';
import { STREAM } from '../tasks/seeds.ts';
import type { Task } from '../tasks/task.ts';
import type { Scorer } from '../learn/teachers.ts';
import type { RefusalProbe } from './refusal-probe.ts';
import type { AnswerGenerator } from '../learn/generator.ts';

/** Whose answers are summarised: the context, the decoder (none: an external model), the teacher to compare with. */
export interface Examined {
  readonly asTeacher: boolean;
  readonly decoder?: Decoder;
  /** Measures the KL from the student to it. */
  readonly teacher?: Scorer;
}

/** Evaluates on the held-out queries. `base` is set once, before the first record. */
export class Evaluator {
  readonly heldOut: readonly Task[];
  readonly #config: RunConfig;
  readonly #distiller: Distiller;
  readonly #refusalProbe: RefusalProbe;
  #base: readonly Answered[] = [];
  #openings: Float32Array | null = null;

  constructor(config: RunConfig, heldOut: readonly Task[], distiller: Distiller, refusalProbe: RefusalProbe) {
    this.heldOut = heldOut;
    this.#config = config;
    this.#distiller = distiller;
    this.#refusalProbe = refusalProbe;
  }

  /** The base's answers, with which every later record is compared. */
  set base(answers: readonly Answered[]) {
    this.#base = answers;
  }

  async answer(generator: AnswerGenerator, asTeacher: boolean): Promise<Answered[]> {
    const { seed, maxNewTokens } = this.#config;
    return await answerAll(generator, this.heldOut, {
      withConstitution: asTeacher,
      seed,
      maxNewTokens,
      stream: asTeacher ? STREAM.teacher : STREAM.evaluation,
    });
  }

  /** Earlier answers to the held-out queries. */
  async judge(rollouts: readonly Rollout[]): Promise<Answered[]> {
    return await judgeAll(this.heldOut, rollouts);
  }

  async record(
    step: number,
    answers: readonly Answered[],
    { asTeacher, decoder, teacher }: Examined,
  ): Promise<EvaluationRecord> {
    const prompts = this.heldOut.map(task => (asTeacher ? task.teacherPrompt : task.prompt));
    const openings = decoder ? await this.#refusalProbe.measure(decoder, prompts) : null;
    if (!asTeacher) this.#openings = openings;
    return summarize(step, answers, {
      base: this.#base,
      kl: teacher ? await klToTeacher(this.#distiller, teacher, answers) : null,
      openings,
    });
  }

  /** Log-odds that the student opens its answer with a refusal, by held-out query, as of its last record. */
  get openings(): Float32Array | null {
    return this.#openings;
  }
}
