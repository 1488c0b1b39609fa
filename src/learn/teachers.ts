import { decayAfter, teacherKindOf, type TeacherConfig } from '../settings/teacher-kinds.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import { emaUpdate } from '../kernels/elementwise/elementwise.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import type { LoraShape } from '../model/lora.ts';
import { ParameterSet } from '../model/parameters.ts';
import type { ExternalModel } from '../teacher/external-model.ts';
import { decoderWith, type FrozenModel, type Learner } from './policy.ts';

/** Who computes the teacher's logits: a decoder on the engine, or an external model that brings them. */
export type Scorer =
  | { readonly kind: 'decoder'; readonly decoder: Decoder }
  | { readonly kind: 'external'; readonly model: ExternalModel };

/** π_T over a run: what scores now, and how it follows the student. */
export interface Teacher {
  readonly scorer: Scorer;
  /** Called after each optimiser step with its number. */
  follow(step: number): void;
  /** Trainable values of a teacher that follows, for a checkpoint; null where the settings alone determine it. */
  state(): Promise<Float32Array<ArrayBuffer> | null>;
  restore(values: Float32Array<ArrayBuffer>): void;
}

const fixed = (scorer: Scorer): Teacher => ({
  scorer,
  follow: () => undefined,
  state: () => Promise.resolve(null),
  restore: () => undefined,
});

/** What teachers are built from. */
export interface TeacherParts {
  readonly gpu: Gpu;
  /** Owns the buffers of a teacher that follows. */
  readonly memory: Memory;
  readonly base: FrozenModel;
  readonly lora: LoraShape | null;
  readonly learner: Learner;
  /** The decoder that Cross-SFT made; needed by a calibrated teacher. */
  readonly calibrated: Decoder | undefined;
  /** Opened by the caller; needed by an external teacher. */
  readonly external: ExternalModel | undefined;
}

/**
 * The teacher of a run (docs/method.md, "Teachers"). A copy that follows starts equal to the student.
 * @throws RangeError when a part that the kind needs is missing.
 */
export function createTeacher(config: TeacherConfig, parts: TeacherParts): Teacher {
  const { base, learner, calibrated, external } = parts;
  switch (teacherKindOf(config).weights) {
    case 'base':
      return fixed({ kind: 'decoder', decoder: base.decoder });
    case 'student':
      return fixed({ kind: 'decoder', decoder: learner.decoder });
    case 'calibrated':
      if (!calibrated) throw new RangeError('a calibrated teacher needs the decoder that Cross-SFT made');
      return fixed({ kind: 'decoder', decoder: calibrated });
    case 'external':
      if (!external) throw new RangeError('an external teacher needs its model');
      return fixed({ kind: 'external', model: external });
    case 'copy':
      return following(parts, step => decayAfter(config, step));
  }
}

/** A copy of the student: θ_T ← decay θ_T + (1 − decay) θ_S after each step. */
function following(parts: TeacherParts, decayAt: (step: number) => number): Teacher {
  const { gpu, memory, base, lora, learner } = parts;
  const { trainable } = learner;
  const copy = new ParameterSet(memory, 'teacher', trainable.layout);
  const update = (decay: number): void => {
    if (decay === 1) return;
    const encoder = gpu.encoder();
    if (decay === 0) encoder.copy(trainable.all, copy.all, trainable.layout.total);
    else
      emaUpdate(encoder, { source: trainable.all, target: copy.all, decay, length: trainable.layout.total });
    encoder.submit();
  };
  update(0);
  return {
    scorer: { kind: 'decoder', decoder: decoderWith(base, lora, copy) },
    follow: step => update(decayAt(step)),
    state: () => gpu.readback.f32(copy.all),
    restore: values => gpu.write(copy.all, values),
  };
}
