import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { describeFault, LabError } from '../../src/contract/errors.ts';
import type { Constitution } from '../../src/contract/world.ts';
import { importConstitution } from '../../src/data/constitution/import-constitution.ts';
import { describeFailure } from '../../src/service/failures.ts';
import { GeometryTracker, type GeometryAnswer, type MeasuredPolicy } from '../../src/measure/geometry.ts';
import { RolloutEngine } from '../../src/learn/rollout.ts';
import { STREAM } from '../../src/tasks/seeds.ts';
import type { TaskSource } from '../../src/tasks/task.ts';
import { worldTasks } from '../../src/tasks/world-tasks.ts';
import { AXIS_KINDS } from '../../src/metrics/geometry/shift-record.ts';
import { geometryReport } from './geometry-report.ts';
import { openModelHere } from '../node/open-model.ts';

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

const OPTIONS = {
  model: { type: 'string', default: DEFAULT_CONFIG.model },
  constitution: { type: 'string' },
  queries: { type: 'string', default: '24' },
  references: { type: 'string', default: '64' },
  layer: { type: 'string', default: 'final' },
  seed: { type: 'string', default: '1' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const MAX_NEW_TOKENS = 72;

interface Settings {
  readonly model: string;
  readonly constitution: Constitution;
  readonly queriesPerKind: number;
  readonly referencesPerKind: number;
  readonly layer: 'final' | 'residual';
  readonly seed: number;
}

export async function main(args: readonly string[]): Promise<void> {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    if (values.help) {
      console.log(USAGE);
      return;
    }
    const { layer } = values;
    const [queriesPerKind, referencesPerKind] = [Number(values.queries), Number(values.references)];
    if (layer !== 'final' && layer !== 'residual') throw unfit('layer', `"${layer}" is no layer`);
    for (const [place, count] of Object.entries({ queriesPerKind, referencesPerKind }))
      if (!(Number.isInteger(count) && count >= 2)) throw unfit(place, 'two queries or more are needed');
    const constitution = values.constitution
      ? await readConstitution(values.constitution)
      : DEFAULT_CONFIG.constitution;
    const { model, json } = values;
    const seed = Number(values.seed);
    await run({ model, constitution, queriesPerKind, referencesPerKind, layer, seed }, json);
  } catch (error) {
    console.error(describeFault(describeFailure(error)));
    process.exitCode = 1;
  }
}

const unfit = (place: string, message: string): LabError =>
  new LabError({
    code: 'E_CONFIG',
    message,
    place,
    consequence: 'Nothing was measured.',
    nextStep: 'See npm run geometry -- --help.',
  });

async function readConstitution(path: string): Promise<Constitution> {
  const bytes = new Uint8Array(await readFile(path));
  return importConstitution({ name: basename(path), bytes }).constitution;
}

async function run(settings: Settings, json: string | undefined): Promise<void> {
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
  console.log(geometryReport(model, baseline, record));
  console.log(
    `\n${seconds(began, answered)} s to answer, ${seconds(answered, prepared)} s to prepare, ${seconds(prepared, measured)} s for ` +
      `the baseline, ${seconds(measured, performance.now())} s for one measurement`,
  );
  if (json) await writeFile(json, `${JSON.stringify({ baseline, teacher: record })}\n`);
  gpu.destroy();
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
