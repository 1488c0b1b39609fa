import type { Constitution } from '../../src/contract/world.ts';
import { RolloutEngine } from '../../src/learn/rollout.ts';
import { GeometryTracker, type GeometryAnswer, type MeasuredPolicy } from '../../src/measure/geometry.ts';
import { AXIS_KINDS } from '../../src/metrics/geometry/shift-record.ts';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { STREAM } from '../../src/tasks/seeds.ts';
import type { TaskSource } from '../../src/tasks/task.ts';
import { worldTasks } from '../../src/tasks/world-tasks.ts';
import { openModelHere } from '../node/open-model.ts';
import { geometryReport } from './geometry-report.ts';
import { constitutionOption, countOption, namesOption, runMeasureTool, type Values } from './measure-tool.ts';

const USAGE = `usage: npm run geometry -- [options]

Measures the geometry of a model without training it: the angles between its safety and expressiveness axes, what a
constitution in its context moves, and the same with the constitution's words shuffled (docs/method.md, "Geometry").

  --model NAME         a folder under public/models, default world-s
  --constitution FILE  .md, .txt, .json or .yaml; default: harm of any kind
  --queries N          held-out queries of each kind behind a shift, default 24
  --references N       those behind the axes, default 64
  --layer L            final (default) or residual
  --seed N             of answers and resamples, default 1
  --json FILE          writes the baseline and the teacher's place`;

const OPTIONS = ['model', 'constitution', 'queries', 'references', 'layer', 'seed'] as const;

const MAX_NEW_TOKENS = 72;

interface Settings {
  readonly model: string;
  readonly constitution: Constitution;
  readonly queriesPerKind: number;
  readonly referencesPerKind: number;
  readonly layer: 'final' | 'residual';
  readonly seed: number;
}

export const main = (args: readonly string[]): Promise<void> =>
  runMeasureTool({ usage: USAGE, options: OPTIONS, measure }, args);

async function measure(values: Values<(typeof OPTIONS)[number]>): Promise<{ record: unknown; text: string }> {
  return await run({
    model: values.model ?? DEFAULT_CONFIG.model,
    constitution: await constitutionOption(values.constitution),
    queriesPerKind: countOption('queries', values.queries, 2) ?? 24,
    referencesPerKind: countOption('references', values.references, 2) ?? 64,
    layer: namesOption('layer', values.layer, ['final', 'residual'] as const)?.[0] ?? 'final',
    seed: countOption('seed', values.seed, 0) ?? 1,
  });
}

async function run(settings: Settings): Promise<{ record: unknown; text: string }> {
  const { model, constitution, seed, queriesPerKind, referencesPerKind, layer } = settings;
  const lab = await openModelHere(model);
  const { gpu } = lab;
  const clauses = [...constitution.clauses];
  const tasks = worldTasks({ ...DEFAULT_CONFIG, constitution: { ...constitution, clauses }, seed }, lab);
  const began = performance.now();
  const base = { decoder: lab.base.decoder, withConstitution: false };
  const teacher = { decoder: lab.base.decoder, withConstitution: true };
  const engine = new RolloutEngine(gpu, gpu.memory, lab.config, {
    slots: 16,
    maxPromptTokens: Math.max(tasks.maxPromptTokens, tasks.maxTeacherPromptTokens),
    maxNewTokens: MAX_NEW_TOKENS,
  });
  const baseAnswers = await answer(engine, tasks, base, settings);
  const teacherAnswers = await answer(engine, tasks, teacher, settings);
  const answered = performance.now();
  const tracker = new GeometryTracker(lab, gpu.memory, {
    constitution,
    seed,
    queriesPerKind,
    referencesPerKind,
    layer,
    maxNewTokens: MAX_NEW_TOKENS,
  });
  await tracker.prepare(base.decoder);
  const prepared = performance.now();
  const baseline = await tracker.baseline(baseAnswers);
  const measured = performance.now();
  const record = await tracker.measure(0, teacherAnswers, teacher);
  const times =
    `${seconds(began, answered)} s to answer, ${seconds(answered, prepared)} s to prepare, ${seconds(prepared, measured)} s for ` +
    `the baseline, ${seconds(measured, performance.now())} s for one measurement`;
  gpu.destroy();
  return {
    record: { baseline, teacher: record },
    text: `${geometryReport(model, baseline, record)}\n\n${times}`,
  };
}

const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);

async function answer(
  engine: RolloutEngine,
  tasks: TaskSource,
  { decoder, withConstitution }: MeasuredPolicy,
  { queriesPerKind, seed }: Settings,
): Promise<GeometryAnswer[]> {
  const asked = AXIS_KINDS.flatMap(kind => tasks.heldOut(kind, queriesPerKind));
  const answers: GeometryAnswer[] = [];
  const { slots } = engine.capacity;
  for (let start = 0; start < asked.length; start += slots) {
    const slice = asked.slice(start, start + slots);
    const prompts = slice.map(task => (withConstitution ? task.teacherPrompt : task.prompt));
    const stream = (withConstitution ? STREAM.teacher : STREAM.evaluation) + start;
    const sampling = { temperature: 1, topK: 0, topP: 1, seed, stream };
    const rollouts = await engine.run(decoder, prompts, sampling, MAX_NEW_TOKENS);
    answers.push(...slice.map((task, i) => ({ task, response: rollouts[i]!.tokens })));
  }
  return answers;
}
