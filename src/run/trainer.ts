import type { StepRecord } from '../record/run-record.ts';
import { FRONTIER_MODEL } from '../settings/teacher-kinds.ts';
import { assertAlive } from '../teacher/assert-alive.ts';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { allocating } from '../gpu/memory.ts';
import { calibratedDecoder } from './calibration.ts';
import type { CalibratedTeacher } from '../assets/artefacts.ts';
import type { Answered } from '../measure/evaluation.ts';
import { FineTuner } from '../learn/supervised-training.ts';
import type { PreparedRun } from './prepare-run.ts';
import { STREAM } from '../tasks/seeds.ts';
import { buildTargets, supervisedStep } from '../learn/supervised-step.ts';
import type { Task } from '../tasks/task.ts';
import { createTeacher, type Teacher } from '../learn/teachers.ts';
import { prepareSteps, trainStep, type StepSettings, type Training } from '../learn/train-step.ts';
import { decoderGenerator, externalGenerator, generateAll } from '../learn/generator.ts';

/** Takes the steps of a run, whatever its objective. */
export interface Trainer {
  step(step: number, settings: StepSettings): Promise<StepRecord>;
}

/** The run's teacher, opened and uploaded. */
export async function openTeacher(
  { lab, config, memory, learner }: PreparedRun,
  calibrated: CalibratedTeacher | null,
): Promise<Teacher> {
  const { teacher } = config;
  const external = 'model' in teacher ? await lab.externals.open(teacher.model) : undefined;
  return await allocating(lab.gpu.device, 'the teacher', () =>
    createTeacher(teacher, {
      gpu: lab.gpu,
      memory,
      base: lab.base,
      lora: config.lora,
      learner,
      external,
      calibrated: calibrated ? calibratedDecoder(lab, memory, config, calibrated) : undefined,
    }),
  );
}

/**
 * Refuses a teacher with uniform or broken logits, tested on answers of the base. @throws LabError `E_TEACHER_DEAD`.
 */
export async function checkTeacher(
  { distiller, lab, config }: PreparedRun,
  { scorer }: Teacher,
  answers: readonly Answered[],
): Promise<void> {
  const probe = answers.slice(0, Math.min(4, distiller.capacity));
  const { columns } = await distiller.measure(
    scorer,
    probe.map(({ task, rollout }) => ({ ...task, response: rollout.tokens })),
  );
  const entropies = Array.from(
    { length: columns.length / METRIC_COLUMNS },
    (_, token) => columns[token * METRIC_COLUMNS + METRIC.teacherEntropy]!,
  );
  const name = scorer.kind === 'external' ? scorer.model.name : `${lab.name}, ${config.teacher.kind}`;
  assertAlive(name, { vocab: lab.config.vocab, entropies });
}

/** The run's trainer, compiled. */
export async function createTrainer(run: PreparedRun, teacher: Teacher): Promise<Trainer> {
  return run.config.objective.kind === 'supervised'
    ? await supervisedTrainer(run, teacher, run.config.objective.answers)
    : await distillingTrainer(run, teacher);
}

async function distillingTrainer(run: PreparedRun, teacher: Teacher): Promise<Trainer> {
  const { config, tasks, rollouts, distiller, lab } = run;
  const training: Training = {
    config,
    tasks,
    rollouts,
    distiller,
    teacher,
    base: lab.base,
    withGold: (asked, step) =>
      config.teacherContext === 'constitution+gold' ? withGold(run, asked, step) : Promise.resolve(asked),
  };
  await prepareSteps(training);
  return { step: (step, settings) => trainStep(training, step, settings) };
}

/** The same tasks, the frontier's answer to each after the constitution in the teacher's context. */
async function withGold(
  { lab, config, tasks }: PreparedRun,
  asked: readonly Task[],
  step: number,
): Promise<readonly Task[]> {
  const frontier = await lab.externals.open(config.calibration?.frontier ?? FRONTIER_MODEL);
  const prompts = asked.map(task => task.teacherPrompt);
  const answers = await generateAll(externalGenerator(frontier), prompts, {
    ...config,
    stream: STREAM.gold + step,
  });
  return asked.map((task, i) => {
    const { text } = task.judge(answers[i]!.tokens);
    return { ...task, teacherPrompt: tasks.goldPrompt(task, text) };
  });
}

async function supervisedTrainer(
  run: PreparedRun,
  teacher: Teacher,
  wanted: 'refuse' | 'rich',
): Promise<Trainer> {
  const { lab, config, memory, learner, tasks, rollouts } = run;
  const generator =
    wanted === 'rich'
      ? externalGenerator(await lab.externals.open(FRONTIER_MODEL))
      : decoderGenerator(rollouts, lab.base.decoder);
  const targets = await buildTargets(config, wanted, tasks, generator);
  const tuner = await allocating(
    lab.gpu.device,
    'the run',
    () =>
      new FineTuner(lab.gpu, memory, learner, {
        batch: config.queries * config.rolloutsPerQuery,
        promptTokens: tasks.maxPromptTokens,
        responseTokens: config.maxNewTokens,
      }),
  );
  return {
    step: async (step, { learningRate }) => {
      const record = await supervisedStep(tuner, targets, { config, step, learningRate });
      teacher.follow(step);
      return record;
    },
  };
}
