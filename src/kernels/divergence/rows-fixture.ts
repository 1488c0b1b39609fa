import { Gpu } from '../../gpu/gpu.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import type { Tuning } from '../../gpu/tuning.ts';
import { isDivergence } from '../../settings/objectives.ts';
import { requestTestDevice } from '../../testing/gpu-fixture.ts';
import { testRandom } from '../../testing/random.ts';
import { divergenceRows, METRIC, METRIC_COLUMNS } from './divergence-rows.ts';
import type { Shaping, TokenObjective } from './objectives.ts';

export type Floats = Float32Array<ArrayBuffer>;

export interface Rows {
  readonly rows: number;
  readonly vocab: number;
  readonly student: Floats;
  readonly teacher: Floats;
  readonly target: Uint32Array<ArrayBuffer>;
  readonly weight: Floats;
  readonly advantage: Floats;
  readonly oldLogProb: Floats;
  readonly referenceLogProb: Floats;
}

export interface RowOptions {
  readonly temperature?: number;
  readonly gradient?: boolean;
  readonly shaping?: Shaping;
  /** ε of PPO's ratio against `oldLogProb`, and κ of the anchor to `referenceLogProb`. */
  readonly clipRatio?: number;
  readonly anchorWeight?: number;
  /** Rows of other logits that lie before the teacher's. */
  readonly teacherStart?: number;
}

export const tunings: Record<string, Tuning> = {
  software: { software: true, rowLanes: 1, rowsPerGroup: 64 },
  hardware: { software: false, rowLanes: 64, rowsPerGroup: 1 },
};

const gpus = new Map<Tuning, Gpu>();

/** One Gpu a tuning: it keeps the compiled kernels. */
export async function gpuOf(tuning: Tuning): Promise<Gpu> {
  const gpu = gpus.get(tuning) ?? new Gpu(await requestTestDevice(), tuning);
  gpus.set(tuning, gpu);
  return gpu;
}

/** Every fourth row is masked. */
export function randomRows(rows: number, vocab: number, seed: number): Rows {
  const random = testRandom(seed);
  return {
    rows,
    vocab,
    student: Float32Array.from(random.normals(rows * vocab, 3)),
    teacher: Float32Array.from(random.normals(rows * vocab, 3)),
    target: Uint32Array.from({ length: rows }, () => random.integer(vocab)),
    weight: Float32Array.from({ length: rows }, (_, r) => (r % 4 === 3 ? 0 : 0.25 + random.uniform())),
    advantage: Float32Array.from(random.normals(rows)),
    oldLogProb: Float32Array.from({ length: rows }, () => -8 * random.uniform()),
    referenceLogProb: Float32Array.from({ length: rows }, () => -8 * random.uniform()),
  };
}

export interface Outcome {
  readonly gradient: Floats;
  column(name: keyof typeof METRIC): number[];
}

/** Runs rows that belong to tokens 3, 4, …, so that a lost `rowStart` shows. */
export async function runRows(
  tuning: Tuning,
  objective: TokenObjective,
  input: Rows,
  options: RowOptions = {},
): Promise<Outcome> {
  const { temperature = 1, gradient = true, shaping, clipRatio, anchorWeight, teacherStart = 0 } = options;
  const gpu = await gpuOf(tuning);
  const memory = gpu.memory.scope();
  const { rows, vocab } = input;
  const rowStart = 3;
  const upload = (label: string, data: Floats | Uint32Array<ArrayBuffer>, start = 0): Tensor => {
    const tensor = memory.tensor(label, data.length + start, data instanceof Uint32Array ? 'u32' : 'f32');
    gpu.write(tensor, data, start);
    return tensor;
  };
  const studentLogits = upload('student', input.student);
  const metrics = memory.tensor('metrics', (rows + rowStart) * METRIC_COLUMNS);
  const encoder = gpu.encoder();
  divergenceRows(encoder, {
    objective,
    studentLogits,
    ...(isDivergence(objective) && { teacherLogits: upload('teacher', input.teacher, teacherStart * vocab) }),
    target: upload('target', input.target, rowStart),
    weight: upload('weight', input.weight, rowStart),
    ...(objective.kind === 'policy-gradient' && {
      advantage: upload('advantage', input.advantage, rowStart),
    }),
    metrics,
    rowStart,
    teacherStart,
    rows,
    vocab,
    temperature,
    gradient,
    ...(shaping && { shaping }),
    policy: {
      ...(clipRatio !== undefined && {
        proximal: { clipRatio, oldLogProb: upload('old', input.oldLogProb, rowStart) },
      }),
      ...(anchorWeight !== undefined && {
        anchor: {
          weight: anchorWeight,
          referenceLogProb: upload('reference', input.referenceLogProb, rowStart),
        },
      }),
    },
  });
  encoder.submit();
  const values = await gpu.readback.f32(metrics);
  const result = await gpu.readback.f32(studentLogits);
  memory.release();
  return {
    gradient: result,
    column: name =>
      Array.from({ length: rows }, (_, r) => values[(r + rowStart) * METRIC_COLUMNS + METRIC[name]]!),
  };
}

export function argmax(row: ArrayLike<number>): number {
  return Array.from(row).reduce((best, z, v) => (z > row[best]! ? v : best), 0);
}
