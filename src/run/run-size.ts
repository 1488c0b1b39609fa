import { teacherKindOf } from '../settings/teacher-kinds.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { RunSize } from './allocate-run.ts';
import type { TaskSource } from '../tasks/task.ts';

/**
 * Evaluation answers sampled at once: hardware benefits from large batches, software does not, and chat models have wide logits and long
 * caches.
 */
const EVALUATION_SLOTS = { software: 32, hardware: 128, chat: 4 } as const;

/** How large a run's buffers are. `software`: whether the adapter computes without a graphics card. */
export function runSize(
  config: RunConfig,
  { maxPromptTokens, maxTeacherPromptTokens }: Pick<TaskSource, 'maxPromptTokens' | 'maxTeacherPromptTokens'>,
  software: boolean,
): RunSize {
  const responses = config.queries * config.rolloutsPerQuery;
  const { weights } = teacherKindOf(config.teacher);
  const evaluation = EVALUATION_SLOTS[config.chat ? 'chat' : software ? 'software' : 'hardware'];
  return {
    lora: config.lora,
    responses,
    slots: Math.max(responses, evaluation),
    promptTokens: maxPromptTokens,
    teacherPromptTokens: maxTeacherPromptTokens,
    maxNewTokens: config.maxNewTokens,
    ownTeacher: weights === 'copy' || weights === 'calibrated',
    external: weights === 'external',
    inspected: config.evaluation.inspect > 0,
    recompute: recomputation(config),
  };
}

function recomputation({ chat }: RunConfig): boolean | undefined {
  if (!chat || chat.recompute === 'auto') return undefined;
  return chat.recompute === 'always';
}
