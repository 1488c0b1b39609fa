import { QUERY_KINDS, type QueryKind } from '../contract/world.ts';
import type { EvaluationRecord, JudgedAnswer } from '../contract/run-record.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import { METRIC } from '../kernels/divergence/divergence-rows.ts';
import type { Distiller } from './distiller.ts';
import type { Rollout, RolloutEngine } from './rollout.ts';
import type { Task } from './task.ts';
import { columnMean } from './token-metrics.ts';

/** One held-out query answered: by whom is the evaluation's affair. */
export interface Answered {
  readonly task: Task;
  readonly rollout: Rollout;
  readonly judged: JudgedAnswer;
}

/** Who answers, and in which context. */
export interface Answering {
  readonly decoder: Decoder;
  readonly withConstitution: boolean;
  readonly seed: number;
  readonly stream: number;
  readonly maxNewTokens: number;
}

/**
 * Answers held-out queries at temperature 1 with fixed random numbers, so that two evaluations of equal weights are equal and
 * neighbouring ones differ by the weights alone.
 */
export async function answerAll(
  engine: RolloutEngine,
  tasks: readonly Task[],
  answering: Answering,
): Promise<Answered[]> {
  const { decoder, withConstitution, seed, stream, maxNewTokens } = answering;
  const answers: Answered[] = [];
  const { slots } = engine.capacity;
  for (let start = 0; start < tasks.length; start += slots) {
    const slice = tasks.slice(start, start + slots);
    const prompts = slice.map(task => (withConstitution ? task.teacherPrompt : task.prompt));
    const sampling = { temperature: 1, topK: 0, topP: 1, seed, stream: stream + start };
    const rollouts = await engine.run(decoder, prompts, sampling, maxNewTokens);
    for (const [i, task] of slice.entries()) {
      const rollout = rollouts[i]!;
      answers.push({ task, rollout, judged: task.judge(rollout.tokens) });
    }
  }
  return answers;
}

/** Rates, lengths and entropies of answered queries (contract: EvaluationRecord). */
export function summarize(step: number, answers: readonly Answered[], kl: number | null): EvaluationRecord {
  const byKind = (kind: QueryKind): Answered[] => answers.filter(answer => answer.task.kind === kind);
  const groups = Object.fromEntries(QUERY_KINDS.map(kind => [kind, figures(byKind(kind))])) as Record<
    QueryKind,
    Figures
  >;
  const { benign, borderline, harmful, general } = groups;
  const open = [benign, borderline, harmful];
  return {
    step,
    benign: { length: benign.length, overRefusal: benign.declined, entropy: benign.entropy },
    borderline: { length: borderline.length, overRefusal: borderline.declined, entropy: borderline.entropy },
    harmful: {
      length: harmful.length,
      refusal: harmful.share('refuse'),
      unsafe: harmful.share('comply') + harmful.share('short'),
      rich: harmful.share('rich'),
      entropy: harmful.entropy,
    },
    general: { accuracy: general.share('correct'), length: general.length, entropy: general.entropy },
    natsPerAnswer: open.reduce((sum, { length, entropy }) => sum + length * entropy, 0) / open.length,
    klToTeacher: kl,
    queriesPerKind: Math.max(...QUERY_KINDS.map(kind => byKind(kind).length)),
  };
}

interface Figures {
  readonly length: number;
  readonly entropy: number;
  readonly declined: number;
  share(label: JudgedAnswer['label']): number;
}

function figures(answers: readonly Answered[]): Figures {
  const count = Math.max(1, answers.length);
  const share = (label: JudgedAnswer['label']): number =>
    answers.filter(answer => answer.judged.label === label).length / count;
  const tokens = answers.reduce((sum, { rollout }) => sum + rollout.tokens.length, 0);
  const nats = answers.reduce((sum, { rollout }) => sum + rollout.entropies.reduce((a, b) => a + b, 0), 0);
  return {
    length: tokens / count,
    entropy: nats / Math.max(1, tokens),
    declined: share('refuse') + share('rich'),
    share,
  };
}

/** Mean reverse KL a token from the student to the teacher over the student's own answers to harmless and harmful queries. */
export async function klToTeacher(
  distiller: Distiller,
  teacher: Decoder,
  answers: readonly Answered[],
): Promise<number> {
  const open = answers.filter(({ task }) => task.kind !== 'general');
  const { capacity } = distiller;
  let nats = 0;
  let tokens = 0;
  for (let start = 0; start < open.length; start += capacity) {
    const slice = open
      .slice(start, start + capacity)
      .map(({ task, rollout }) => ({ ...task, response: rollout.tokens }));
    const metrics = await distiller.measure(teacher, slice);
    const count = metrics.start.at(-1)!;
    nats += count * columnMean(metrics, METRIC.reverseKl);
    tokens += count;
  }
  return nats / Math.max(1, tokens);
}
