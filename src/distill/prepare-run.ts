import { LabError } from '../contract/errors.ts';
import type { RunConfig } from '../contract/run-config.ts';
import { QUERY_KINDS } from '../contract/world.ts';
import { allocating, type Memory } from '../gpu/memory.ts';
import { normalFrom } from '../model/random.ts';
import { refusalOpenings } from '../world/openings.ts';
import { Rng } from '../world/rng.ts';
import { allocateRun } from './allocate-run.ts';
import type { Distiller } from './distiller.ts';
import { Evaluator } from './evaluator.ts';
import type { Lab } from './lab.ts';
import type { Learner } from './policy.ts';
import type { RolloutEngine } from './rollout.ts';
import { mixSeed, STREAM } from './seeds.ts';
import type { TaskSource } from './task.ts';
import { worldTasks } from './world-tasks.ts';

/** What a run works with from its first evaluation to its last. */
export interface PreparedRun {
  readonly lab: Lab;
  readonly config: RunConfig;
  /** Owns every buffer of the run. */
  readonly memory: Memory;
  readonly tasks: TaskSource;
  readonly rollouts: RolloutEngine;
  readonly learner: Learner;
  readonly distiller: Distiller;
  readonly evaluator: Evaluator;
}

/** Evaluation answers made at once: hardware likes large batches, software has no use for them. */
const EVALUATION_SLOTS = { software: 32, hardware: 128 } as const;

/**
 * Allocates all that the run needs but for its teacher, and compiles the rollouts.
 * @throws LabError `E_CONSTITUTION_TOO_LONG`; OutOfGpuMemoryError.
 */
export async function prepareRun(lab: Lab, memory: Memory, config: RunConfig): Promise<PreparedRun> {
  const { gpu, base } = lab;
  const tasks = worldTasks(config, lab);
  const { maxPromptTokens, maxTeacherPromptTokens } = tasks;
  const { maxNewTokens, queries, rolloutsPerQuery, evaluation } = config;
  const needed = maxTeacherPromptTokens + maxNewTokens;
  if (needed > lab.config.contextLength) throw tooLong(needed, lab.config.contextLength);
  const heldOut = QUERY_KINDS.flatMap(kind => tasks.heldOut(kind, evaluation.queriesPerKind));
  const responses = queries * rolloutsPerQuery;
  const rng = new Rng(mixSeed(config.seed, STREAM.initialAdapter));
  const run = await allocating(gpu.device, 'the run', (): PreparedRun => {
    const slots = Math.max(responses, EVALUATION_SLOTS[gpu.tuning.software ? 'software' : 'hardware']);
    const size = {
      ...{ lora: config.lora, responses, slots, promptTokens: maxPromptTokens, maxNewTokens },
      ...{ teacherPromptTokens: maxTeacherPromptTokens, external: config.teacher.kind === 'external' },
    };
    const { learner, distiller, thermometer, rollouts } = allocateRun(gpu, memory, base, size, {
      normal: normalFrom(() => rng.float()),
      openings: refusalOpenings().flatMap(word => lab.tokenizer.encode(word).slice(0, 1)),
    });
    return {
      ...{ lab, config, memory, tasks, learner, distiller, rollouts },
      evaluator: new Evaluator(config, heldOut, distiller, thermometer),
    };
  });
  await run.rollouts.prepare(run.learner.decoder);
  return run;
}

function tooLong(needed: number, contextLength: number): LabError {
  return new LabError({
    code: 'E_CONSTITUTION_TOO_LONG',
    message: `constitution, query and answer may take ${needed} tokens; the model reads ${contextLength}`,
    consequence: 'The run did not start; nothing was cut off.',
    nextStep: 'Switch clauses off, or allow fewer new tokens.',
  });
}
