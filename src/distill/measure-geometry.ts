import type { GeometryBaseline, GeometryRecord } from '../contract/geometry-record.ts';
import type { Answered } from './evaluation.ts';
import { GeometryTracker, type GeometryAnswer } from './geometry.ts';
import type { PreparedRun } from './prepare-run.ts';

/** The geometry of a run: measured on the answers of its evaluations. */
export interface RunGeometry {
  readonly baseline: GeometryBaseline;
  /** The student's place, by its answers to the held-out queries. */
  measure(step: number, answers: readonly Answered[]): Promise<GeometryRecord>;
}

/** Measures the axes, and the base, whose answers are the origin. Buffers belong to the run. */
export async function openGeometry(run: PreparedRun, base: readonly Answered[]): Promise<RunGeometry> {
  const { lab, config, memory, learner } = run;
  const tracker = new GeometryTracker(lab, memory, {
    ...{ constitution: config.constitution, seed: config.seed, maxNewTokens: config.maxNewTokens },
    queriesPerKind: Math.min(config.evaluation.queriesPerKind, MOST_QUERIES),
    lora: learner.decoder.lora,
  });
  await tracker.prepare(learner.decoder);
  const baseline = await tracker.baseline(base.map(geometryAnswer));
  return {
    baseline,
    measure: (step, answers) =>
      tracker.measure(step, answers.map(geometryAnswer), {
        decoder: learner.decoder,
        withConstitution: false,
      }),
  };
}

/** Held-out queries of each kind behind a measurement. */
const MOST_QUERIES = 24;

const geometryAnswer = ({ task, rollout }: Answered): GeometryAnswer => ({
  task,
  response: rollout.tokens,
});
