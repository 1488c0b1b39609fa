import { LabError } from '../contract/errors.ts';
import type { Rollout } from '../model/rollout-types.ts';
import { teacherKindOf } from '../settings/teacher-kinds.ts';
import type { CalibratedTeacher } from '../assets/artefacts.ts';
import type { Answered } from '../measure/evaluation.ts';
import type { LearnerState } from '../learn/policy.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { Teacher } from '../learn/teachers.ts';

/** Enough to resume after step `step` on a new device, with the answers that later evaluations are compared with. */
export interface Checkpoint {
  readonly step: number;
  /** Of the base weights. */
  readonly weightsSha256: string;
  readonly learner: LearnerState;
  readonly references: References<Rollout>;
  readonly calibrated: CalibratedTeacher | null;
  /** Weights of a teacher that follows the student. */
  readonly teacher: Float32Array<ArrayBuffer> | null;
}

/** Answers to the held-out queries, in their order. */
interface References<T> {
  readonly base: readonly T[];
  readonly teacher: readonly T[];
}

/** Copies the learnt state from the device, without changing anything there. */
export async function takeCheckpoint(
  { learner, lab }: PreparedRun,
  step: number,
  parts: {
    readonly references: References<Answered>;
    readonly calibrated: CalibratedTeacher | null;
    readonly teacher: Teacher;
  },
): Promise<Checkpoint> {
  const { references, calibrated, teacher } = parts;
  const rollouts = (answers: readonly Answered[]): Rollout[] => answers.map(({ rollout }) => rollout);
  return {
    step,
    weightsSha256: lab.weightsSha256,
    learner: await learner.state(),
    references: { base: rollouts(references.base), teacher: rollouts(references.teacher) },
    calibrated,
    teacher: await teacher.state(),
  };
}

/** @throws LabError `E_CHECKPOINT_MODEL` when a checkpoint belongs to other weights, or to a run of another shape. */
export function requireFit(run: PreparedRun, from: Checkpoint): void {
  const { lab, learner, evaluator, config } = run;
  const { total } = learner.trainable.layout;
  const { weights } = teacherKindOf(config.teacher);
  const problems: readonly (readonly [wrong: boolean, message: string])[] = [
    [
      from.weightsSha256 !== lab.weightsSha256,
      `it was trained on different base weights from those of ${lab.name}`,
    ],
    [
      [from.learner.trainable, from.learner.m, from.learner.v].some(({ length }) => length !== total),
      `it has ${from.learner.trainable.length} trainable values; the settings need ${total}`,
    ],
    [(weights === 'copy') !== (from.teacher !== null), 'its teacher is not of the kind in the settings'],
    [from.teacher !== null && from.teacher.length !== total, 'its teacher and its student differ in size'],
    [
      (weights === 'calibrated') !== (from.calibrated !== null) ||
        (from.calibrated !== null && from.calibrated.layout.total !== total),
      'its calibrated teacher is not the one in the settings',
    ],
    [
      Object.values(from.references).some(({ length }) => length !== evaluator.heldOut.length),
      'its held-out answers are not those of the settings',
    ],
  ];
  const problem = problems.find(([wrong]) => wrong);
  if (!problem) return;
  throw new LabError({
    code: 'E_CHECKPOINT_MODEL',
    file: lab.name,
    message: `the checkpoint does not fit: ${problem[1]}`,
    consequence: 'The run did not resume; what was recorded is kept.',
    nextStep: 'Run its settings again from the start, or open the version of the page that kept it.',
  });
}
