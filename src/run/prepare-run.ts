import { LabError } from '../contract/errors.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { QUERY_KINDS } from '../contract/world.ts';
import { allocating, type Memory } from '../gpu/memory.ts';
import { normalFrom } from '../model/random.ts';
import { Rng } from '../world/rng.ts';
import { allocateRun } from './allocate-run.ts';
import type { Distiller } from '../learn/distiller.ts';
import { Evaluator } from '../measure/evaluator.ts';
import type { OpenModel } from '../assets/open-model.ts';
import type { LoraAdapter } from '../model/export/adapter.ts';
import type { Learner } from '../learn/policy.ts';
import type { RolloutEngine } from '../learn/rollout.ts';
import { mixSeed, STREAM } from '../tasks/seeds.ts';
import { runSize } from './run-size.ts';
import { runTasks } from './run-tasks.ts';
import type { TaskSource } from '../tasks/task.ts';

/** What a run uses from its first evaluation to its last. */
export interface PreparedRun {
  readonly lab: OpenModel;
  readonly config: RunConfig;
  /** Owns every buffer of the run. */
  readonly memory: Memory;
  readonly tasks: TaskSource;
  readonly rollouts: RolloutEngine;
  readonly learner: Learner;
  readonly distiller: Distiller;
  readonly evaluator: Evaluator;
}

/**
 * Allocates everything the run needs except its teacher, and compiles the rollouts.
 * @throws LabError `E_CONSTITUTION_TOO_LONG`; OutOfGpuMemoryError.
 */
export async function prepareRun(lab: OpenModel, memory: Memory, config: RunConfig): Promise<PreparedRun> {
  const { gpu, base } = lab;
  const { tasks, openings } = await runTasks(lab, config);
  const needed = tasks.maxTeacherPromptTokens + config.maxNewTokens;
  if (needed > lab.config.contextLength) throw tooLong(needed, lab.config.contextLength);
  const heldOut = QUERY_KINDS.flatMap(kind => tasks.heldOut(kind, config.evaluation.queriesPerKind));
  const rng = new Rng(mixSeed(config.seed, STREAM.initialAdapter));
  const size = runSize(config, tasks, gpu.tuning.software);
  const run = await allocating(gpu.device, 'the run', (): PreparedRun => {
    const { learner, distiller, refusalProbe, rollouts } = allocateRun(gpu, memory, base, size, {
      normal: normalFrom(() => rng.float()),
      openings,
    });
    return {
      lab,
      config,
      memory,
      tasks,
      learner,
      distiller,
      rollouts,
      evaluator: new Evaluator(config, heldOut, distiller, refusalProbe),
    };
  });
  startFrom(run, config.adapter === null ? null : lab.adapters.find(config.adapter));
  await run.rollouts.prepare(run.learner.decoder);
  return run;
}

/** Replaces the initial values by those of the user's adapter. @throws LabError `E_ADAPTER_SETTINGS`. */
function startFrom({ lab, config, learner }: PreparedRun, adapter: LoraAdapter | null): void {
  if (!adapter) return;
  const { layout } = learner.trainable;
  const { rank, alpha } = adapter.shape;
  const fits =
    rank === config.lora?.rank &&
    alpha === config.lora.alpha &&
    adapter.arrays.size === layout.entries.length &&
    layout.entries.every(({ name, shape }) => adapter.arrays.get(name)?.shape.join() === shape.join());
  if (!fits) throw otherShape(lab.name, config.adapter!);
  learner.trainable.upload(lab.gpu, adapter.arrays);
}

const otherShape = (model: string, file: string): LabError =>
  new LabError({
    code: 'E_ADAPTER_SETTINGS',
    file,
    place: 'lora',
    message: `the adapter does not have the rank, scale and targets of the run’s LoRA settings on ${model}`,
    consequence: 'The run did not start.',
    nextStep: 'Choose the adapter again: that sets rank, alpha, targets and layers to its own.',
  });

function tooLong(needed: number, contextLength: number): LabError {
  return new LabError({
    code: 'E_CONSTITUTION_TOO_LONG',
    message: `constitution, query and answer may take ${needed} tokens; the model reads ${contextLength}`,
    consequence: 'The run did not start; nothing was truncated.',
    nextStep: 'Switch off some clauses, or allow fewer new tokens.',
  });
}
