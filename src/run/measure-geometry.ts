import type { GeometryBaseline, GeometryRecord } from '../record/geometry-record.ts';
import type { Answered } from '../measure/evaluation.ts';
import { GeometryTracker, type GeometryAnswer } from '../measure/geometry.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { Scorer } from '../learn/teachers.ts';

/** The geometry of a run: measured on the answers of its evaluations. */
export interface RunGeometry {
  readonly baseline: GeometryBaseline;
  /** The teacher's location, by its answers to the held-out queries under the constitution. */
  measureTeacher(answers: readonly Answered[], teacher: Scorer): Promise<GeometryRecord>;
  /** The student's location, by its answers to the held-out queries. */
  measure(step: number, answers: readonly Answered[]): Promise<GeometryRecord>;
}

/**
 * Measures the axes, and the base, whose answers are the origin. Call it, and `measure`, after the evaluation of the same answers:
 * the behavioural twin takes its refusalProbe. Buffers belong to the run.
 */
export async function openGeometry(run: PreparedRun, base: readonly Answered[]): Promise<RunGeometry> {
  const { lab, config, memory, learner, evaluator } = run;
  const tracker = new GeometryTracker(lab, memory, {
    constitution: config.constitution,
    seed: config.seed,
    maxNewTokens: config.maxNewTokens,
    queriesPerKind: Math.min(config.evaluation.queriesPerKind, MOST_QUERIES),
    lora: learner.decoder.lora,
  });
  await tracker.prepare(learner.decoder);
  const measured = (answers: readonly Answered[]): GeometryAnswer[] =>
    answers.map((answer, i) => geometryAnswer(answer, evaluator.openings?.[i]));
  const baseline = await tracker.baseline(measured(base));
  return {
    baseline,
    measureTeacher: (answers, scorer) =>
      tracker.measure(
        0,
        answers.map(answer => geometryAnswer(answer, undefined)),
        scorer.kind === 'decoder' ? { decoder: scorer.decoder, withConstitution: true } : null,
      ),
    measure: (step, answers) =>
      tracker.measure(step, measured(answers), { decoder: learner.decoder, withConstitution: false }),
  };
}

/** Held-out queries of each kind behind a measurement. */
const MOST_QUERIES = 24;

function geometryAnswer({ task, rollout }: Answered, opening: number | undefined): GeometryAnswer {
  const { tokens, entropies } = rollout;
  if (opening === undefined) return { task, response: tokens };
  const entropy = entropies.reduce((sum, nats) => sum + nats, 0) / Math.max(1, tokens.length);
  const behaviour = { refusal: 1 / (1 + Math.exp(-opening)), expressiveness: entropy };
  return { task, response: tokens, behaviour };
}
