import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import { createWorkspace } from '../model/activations.ts';
import type { LoraShape } from '../model/lora.ts';
import { Distiller } from '../learn/distiller.ts';
import { Learner, type FrozenModel } from '../learn/policy.ts';
import { RolloutEngine } from '../learn/rollout.ts';
import { RefusalProbe } from '../measure/refusal-probe.ts';

/** What determines the size of a run's buffers, besides its model. */
export interface RunSize {
  /** null trains all weights. */
  readonly lora: LoraShape | null;
  /** Responses in a training step. */
  readonly responses: number;
  /** Answers sampled at once: those of a step, or of an evaluation if more. */
  readonly slots: number;
  readonly promptTokens: number;
  readonly teacherPromptTokens: number;
  readonly maxNewTokens: number;
  /** Whether the teacher has trainable values of its own, as a copy of the student's or as Cross-SFT left them. */
  readonly ownTeacher?: boolean;
  /** Whether the teacher is an external model. */
  readonly external?: boolean;
  /** Whether answers are inspected token by token. */
  readonly inspected?: boolean;
  /** Recomputes activations in the backward; by default where an adapter on a large model needs it. */
  readonly recompute?: boolean | undefined;
}

/** Everything a run computes with, except its teacher. */
export interface RunBuffers {
  readonly learner: Learner;
  readonly distiller: Distiller;
  readonly refusalProbe: RefusalProbe;
  readonly rollouts: RolloutEngine;
}

/**
 * Allocates a run's buffers, owned by `memory`. Its passes share one workspace, because a run does one thing at a time. `planMemory` calls
 * it on a device that only counts.
 * @param values.normal draws the adapter's initial values
 * @param values.openings tokens that open a refusal
 * @throws OutOfGpuMemoryError; RangeError as `Learner` and `RefusalProbe`.
 */
export function allocateRun(
  gpu: Gpu,
  memory: Memory,
  base: FrozenModel,
  size: RunSize,
  values: { readonly normal: () => number; readonly openings: readonly number[] },
): RunBuffers {
  const { responses, slots, promptTokens, teacherPromptTokens, maxNewTokens } = size;
  const { external = false, inspected = false, recompute } = size;
  const { config } = base.decoder;
  const longestPrompt = Math.max(promptTokens, teacherPromptTokens);
  const { lora: shape } = size;
  const learner = memory.within(
    'learner',
    () => new Learner(gpu, memory, base, { lora: shape, normal: values.normal }),
  );
  const { lora } = learner.decoder;
  const rows = Math.max(responses * (longestPrompt + maxNewTokens), slots * longestPrompt);
  const workspace = createWorkspace(memory, config, { label: 'workspace', rows, lora });
  return {
    learner,
    distiller: new Distiller(
      gpu,
      memory,
      learner,
      { responses, promptTokens, teacherPromptTokens, responseTokens: maxNewTokens, external, inspected },
      { recompute, workspace },
    ),
    refusalProbe: new RefusalProbe(gpu, memory, config, {
      queries: slots,
      promptTokens: longestPrompt,
      tokenIds: values.openings,
      lora,
      workspace,
    }),
    rollouts: new RolloutEngine(
      gpu,
      memory,
      config,
      { slots, maxPromptTokens: longestPrompt, maxNewTokens },
      lora,
      workspace,
    ),
  };
}
