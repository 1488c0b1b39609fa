import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { ExternalModel } from './external-model.ts';
import { deadFault } from './faults.ts';

/** Share of log(vocab) from which a teacher's mean entropy counts as uniform. */
const UNIFORM_SHARE = 0.99;

/** A teacher's output on a probe, position by position. */
export interface TeacherPulse {
  readonly vocab: number;
  /** Entropy of the next token in nats, at temperature 1. */
  readonly entropies: ArrayLike<number>;
  /** Largest logit minus smallest, if logits are available. */
  readonly spreads?: ArrayLike<number>;
}

/**
 * Refuses a teacher that teaches nothing: a logit (or entropy) that is not finite, logits that are all equal, or a mean entropy
 * within 1 % of log(vocab). An engine's teacher is checked by the entropies of its metrics alone.
 * @param teacher its name, for the message.
 * @throws LabError `E_TEACHER_DEAD`; RangeError when the probe has no position.
 */
export function assertAlive(teacher: string, { vocab, entropies, spreads }: TeacherPulse): void {
  const count = entropies.length;
  if (count === 0) throw new RangeError(`${teacher}: the probe has no position to judge`);
  let sum = 0;
  let flat = spreads !== undefined;
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(entropies[i]) || (spreads && !Number.isFinite(spreads[i])))
      throw deadFault(teacher, 'its logits are not finite', `probe position ${i}`);
    sum += entropies[i]!;
    flat &&= spreads?.[i] === 0;
  }
  const place = `${count} probe position${count === 1 ? '' : 's'}`;
  if (flat) throw deadFault(teacher, 'its logits are all equal', place);
  const uniform = Math.log(vocab);
  if (sum / count >= UNIFORM_SHARE * uniform)
    throw deadFault(
      teacher,
      `its mean entropy of ${(sum / count).toFixed(3)} nats is that of a guess among all ${vocab} tokens (${uniform.toFixed(3)})`,
      place,
    );
}

/** Statistics of rows of logits, [rows, vocab], in f64: H = log Σ exp z − Σ p·z, with z less the row's largest. */
export function pulseOf(logits: Float32Array, vocab: number): TeacherPulse {
  const rows = Math.floor(logits.length / vocab);
  const entropies = new Float64Array(rows);
  const spreads = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const z = logits.subarray(row * vocab, (row + 1) * vocab);
    let max = -Infinity;
    let min = Infinity;
    let finite = true;
    for (const value of z) {
      finite &&= Number.isFinite(value);
      max = Math.max(max, value);
      min = Math.min(min, value);
    }
    let mass = 0;
    let weighted = 0;
    for (const value of z) {
      const weight = Math.exp(value - max);
      mass += weight;
      weighted += weight * (value - max);
    }
    entropies[row] = finite ? Math.log(mass) - weighted / mass : Number.NaN;
    spreads[row] = finite ? max - min : Number.NaN;
  }
  return { vocab, entropies, spreads };
}

/**
 * Scores every next token of `prompt` with an external model (two tokens at least) and applies `assertAlive`.
 * @throws LabError `E_TEACHER_DEAD`, or what `score` throws.
 */
export async function probeExternalModel(
  gpu: Gpu,
  memory: Memory,
  model: ExternalModel,
  prompt: Uint32Array,
): Promise<void> {
  const scope = memory.scope();
  try {
    const scored = prompt.slice(1);
    const logits = scope.tensor('teacher.probe', scored.length * model.vocab);
    await model.score([{ ids: prompt, scoredStart: 1, scored }], logits);
    assertAlive(model.name, pulseOf(await gpu.readback.f32(logits), model.vocab));
  } finally {
    scope.release();
  }
}
