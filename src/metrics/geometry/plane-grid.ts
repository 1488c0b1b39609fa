/** A distribution over the cells of a grid in the plane: row = expressiveness, column = safety; masses sum to 1. */
export interface PlaneGrid {
  /** Coordinates of the columns and of the rows. */
  readonly safety: Float64Array;
  readonly expressiveness: Float64Array;
}

/** One hill of a grid policy. */
export interface GridMode {
  readonly mean: readonly [safety: number, expressiveness: number];
  readonly variance: readonly [safety: number, expressiveness: number];
  readonly covariance: number;
  /** Its share among the hills. */
  readonly weight: number;
}

/** `cells` × `cells` points over [−reach, reach]². @throws RangeError with fewer than two cells a side. */
export function planeGrid(cells: number, reach: number): PlaneGrid {
  if (!(cells >= 2 && reach > 0))
    throw new RangeError('planeGrid: needs two cells a side and a positive reach');
  const axis = Float64Array.from({ length: cells }, (_, i) => -reach + (2 * reach * i) / (cells - 1));
  return { safety: axis, expressiveness: Float64Array.from(axis) };
}

/** Masses [rows × columns] of a mixture of Gaussians on the grid. @throws RangeError when no cell holds any. */
export function gridPolicy({ safety, expressiveness }: PlaneGrid, modes: readonly GridMode[]): Float64Array {
  const masses = new Float64Array(safety.length * expressiveness.length);
  for (const { mean, variance, covariance, weight } of modes) {
    const determinant = variance[0] * variance[1] - covariance ** 2;
    for (const [row, e] of expressiveness.entries())
      for (const [column, s] of safety.entries()) {
        const [x, y] = [s - mean[0], e - mean[1]];
        const square = (variance[1] * x * x - 2 * covariance * x * y + variance[0] * y * y) / determinant;
        masses[row * safety.length + column]! += (weight * Math.exp(-square / 2)) / Math.sqrt(determinant);
      }
  }
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  if (!(total > 0)) throw new RangeError('gridPolicy: the hills lie beyond the grid');
  return masses.map(mass => mass / total);
}

/** (1 − w) teacher + w base, cell by cell: calibration puts the unconditioned policy back. */
export const calibrated = (teacher: Float64Array, base: Float64Array, share: number): Float64Array =>
  teacher.map((mass, cell) => (1 - share) * mass + share * base[cell]!);

export interface GridTraining {
  readonly divergence: 'forward-kl' | 'reverse-kl';
  readonly steps: number;
  /** Step of gradient descent on the logits of the cells. */
  readonly learningRate: number;
}

/**
 * A softmax policy with one logit a cell, started at the base and trained on the teacher by gradient descent on its logits:
 *
 *   reverse KL(p ‖ q): ∂/∂z_v = p_v (log p_v / q_v − KL);  forward KL(q ‖ p): ∂/∂z_v = p_v − q_v.
 *
 * Both are least at p = q. What differs is the way: reverse KL weighs every cell by the student's own mass, so a mode of the teacher
 * where the base has next to none grows about as slowly as it is rare, and stays lost for as long as training lasts; forward KL
 * weighs by the teacher's mass and finds it at once. Returns the student's masses after `steps`.
 */
export function trainGridPolicy(
  base: Float64Array,
  teacher: Float64Array,
  { divergence, steps, learningRate }: GridTraining,
): Float64Array {
  const logTeacher = teacher.map(logMass);
  const logits = base.map(logMass);
  const student = new Float64Array(base.length);
  const gap = new Float64Array(base.length);
  softmax(logits, student);
  for (let step = 0; step < steps; step++) {
    let kl = 0;
    if (divergence === 'reverse-kl')
      for (let cell = 0; cell < logits.length; cell++) {
        gap[cell] = student[cell]! > 0 ? Math.log(student[cell]!) - logTeacher[cell]! : 0;
        kl += student[cell]! * gap[cell]!;
      }
    for (let cell = 0; cell < logits.length; cell++) {
      const mass = student[cell]!;
      logits[cell]! -=
        learningRate * (divergence === 'reverse-kl' ? mass * (gap[cell]! - kl) : mass - teacher[cell]!);
    }
    softmax(logits, student);
  }
  return student;
}

/** −Σ p log p in nats. */
export const gridEntropy = (policy: Float64Array): number =>
  policy.reduce((sum, mass) => (mass > 0 ? sum - mass * Math.log(mass) : sum), 0);

/** Mean of a policy. */
export function gridMean(
  { safety, expressiveness }: PlaneGrid,
  policy: Float64Array,
): readonly [safety: number, expressiveness: number] {
  let [s, e] = [0, 0];
  for (let cell = 0; cell < policy.length; cell++) {
    const column = cell % safety.length;
    s += policy[cell]! * safety[column]!;
    e += policy[cell]! * expressiveness[(cell - column) / safety.length]!;
  }
  return [s, e];
}

/** Masses are clamped here before a logarithm: far below what the plane model shows, and finite. */
const LEAST_MASS = 1e-30;

const logMass = (mass: number): number => Math.log(Math.max(LEAST_MASS, mass));

/** Writes the softmax of `logits` into `masses`. */
function softmax(logits: Float64Array, masses: Float64Array): void {
  let top = -Infinity;
  for (let cell = 0; cell < logits.length; cell++) top = Math.max(top, logits[cell]!);
  let total = 0;
  for (let cell = 0; cell < logits.length; cell++) total += masses[cell] = Math.exp(logits[cell]! - top);
  for (let cell = 0; cell < logits.length; cell++) masses[cell]! /= total;
}
