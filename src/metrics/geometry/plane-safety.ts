import { gaussianPoints, hazard } from './normal.ts';
import type { PlaneTeacher } from './plane-model.ts';

/** Mean and variance of the safety coordinate. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** σ(u) without overflow. */
const logistic = (u: number): number => (u >= 0 ? 1 / (1 + Math.exp(-u)) : Math.exp(u) / (1 + Math.exp(u)));

/**
 * Forward KL is least where the student has the teacher's moments. A hard boundary gives those of a truncated normal: with
 * α = (b − μ)/σ, hazard h and δ = h (h − α), mean μ + σ h and variance σ² (1 − δ). A soft one is integrated. Calibration mixes in
 * the base's.
 */
export function forwardStudent(base: Moments, teacher: PlaneTeacher, frozenVariance: boolean): Moments {
  const safe =
    teacher.sharpness === Infinity ? hardMoments(base, teacher.boundary) : softMoments(base, teacher);
  const w = teacher.calibration;
  const mean = (1 - w) * safe.mean + w * base.mean;
  const within = (1 - w) * safe.variance + w * base.variance;
  const between = w * (1 - w) * (safe.mean - base.mean) ** 2;
  return { mean, variance: frozenVariance ? base.variance : within + between };
}

function hardMoments(base: Moments, boundary: number): Moments {
  const deviation = Math.sqrt(base.variance);
  const alpha = (boundary - base.mean) / deviation;
  const h = hazard(alpha);
  return { mean: base.mean + deviation * h, variance: base.variance * (1 - h * (h - alpha)) };
}

/** Moments of p0(s) σ(k (s − b)), weights scaled by their largest. @throws RangeError when the boundary is out of reach. */
function softMoments(base: Moments, { boundary, sharpness }: PlaneTeacher): Moments {
  const { points, weights } = gaussianPoints(base.mean, base.variance, 1 / sharpness);
  let total = 0;
  let first = 0;
  let second = 0;
  for (const [i, point] of points.entries()) {
    const mass = weights[i]! * logistic(sharpness * (point - boundary));
    const offset = point - base.mean;
    total += mass;
    first += mass * offset;
    second += mass * offset * offset;
  }
  if (!(total > 1e-12)) throw new RangeError('the boundary lies too far out: no answer of the base is safe');
  const shift = first / total;
  return { mean: base.mean + shift, variance: second / total - shift * shift };
}

/** Expectations under s ~ N(m, v) of log g and of its first two derivatives. */
interface Tilt {
  readonly value: number;
  readonly slope: number;
  readonly curvature: number;
}

/** Accuracy at which the fixed point counts as found, in units of the base's deviation. */
const CONVERGED = 1e-9;
const MOST_STEPS = 500;
/** How often a Newton step is tried: near the end it needs a few where damped steps need hundreds. */
const NEWTON_EVERY = 3;
/** Initial step size of both scalars: undamped they oscillate around a sharp boundary. */
const DAMPING = 0.5;

/**
 * Reverse KL(N(m, v) ‖ teacher) = KL(N(m, v) ‖ p0) − E log g + constant over Gaussians. It is stationary where, with
 * c = E[(log g)'] and λ = −E[(log g)''] under s ~ N(m, v),
 *
 *   m = μ + c σ²,  1 / v = 1 / σ² + λ;
 *
 * for w = 0, c = E[k σ(−u)] and λ = E[k² σ(u) σ(−u)], u = k (s − b). Damped steps of the natural gradient (Khan & Rue 2023), shortened
 * while they oscillate or do not descend, and Newton steps where those land nearer and no higher. For w = 0 log g is concave, and the
 * stationary point is the only one (Challis & Barber 2013); for w > 0 there can be two, one at the base and one beyond the boundary: both
 * are sought, and the one with the smaller divergence is the student.
 */
export function reverseStudent(base: Moments, teacher: PlaneTeacher, frozenVariance: boolean): Moments {
  if (teacher.sharpness === Infinity)
    throw new RangeError('reverse KL to a hard boundary is infinite for every Gaussian: take a soft one');
  const gate = safeMass(base, teacher);
  const safe = softMoments(base, teacher);
  const beyond = frozenVariance ? { ...safe, variance: base.variance } : safe;
  const found = (teacher.calibration === 0 ? [beyond] : [beyond, base]).map(start =>
    descend(start, base, teacher, gate, frozenVariance),
  );
  return found.reduce((best, other) => (other.divergence < best.divergence - 1e-12 ? other : best));
}

const safeMass = (base: Moments, { boundary, sharpness }: PlaneTeacher): number => {
  const { points, weights } = gaussianPoints(base.mean, base.variance, 1 / sharpness);
  return points.reduce((sum, s, i) => sum + weights[i]! * logistic(sharpness * (s - boundary)), 0);
};

function descend(
  start: Moments,
  base: Moments,
  teacher: PlaneTeacher,
  gate: number,
  frozenVariance: boolean,
): Moments & { readonly divergence: number } {
  let at = start;
  let tilt = tiltOf(at, teacher, gate);
  let divergence = divergenceOf(at, base, tilt);
  const fullRate = frozenVariance ? 1 : DAMPING;
  for (let step = 0, rate = fullRate; step < MOST_STEPS; step++) {
    const found = residualOf(at, base, tilt, frozenVariance);
    if (found.size < CONVERGED) break;
    if (step % NEWTON_EVERY === 0) {
      const jump = newton(at, found, base, other => tiltOf(other, teacher, gate), frozenVariance);
      const jumpTilt = jump && tiltOf(jump, teacher, gate);
      const after = jump && jumpTilt ? divergenceOf(jump, base, jumpTilt) : Infinity;
      // Where the jump lands nearer to a stationary point and no higher, it is the way to the same minimum.
      if (
        jump &&
        jumpTilt &&
        after <= divergence + 1e-13 &&
        residualOf(jump, base, jumpTilt, frozenVariance).size < found.size / 2
      ) {
        [at, tilt, divergence] = [jump, jumpTilt, after];
        continue;
      }
    }
    const { force, precision } = found;
    const next = frozenVariance
      ? { mean: at.mean + (rate * force) / Math.max(precision, 1 / base.variance), variance: at.variance }
      : moved(at, force, precision, rate);
    const nextTilt = next.variance > 0 ? tiltOf(next, teacher, gate) : tilt;
    const after = next.variance > 0 ? divergenceOf(next, base, nextTilt) : Infinity;
    // Rounding makes equal divergences of the last steps differ in either direction.
    if (after <= divergence + 1e-14) {
      const nextForce = nextTilt.slope - (next.mean - base.mean) / base.variance;
      rate = Math.min(fullRate, nextForce * force < 0 ? 0.7 * rate : 1.1 * rate);
      [at, tilt, divergence] = [next, nextTilt, after];
    } else if ((rate /= 2) < 1e-9) break;
  }
  return { ...at, divergence };
}

/** How far moments are from stationary: the gradient for the mean, and the error of the precision. */
interface Residual {
  readonly force: number;
  readonly precision: number;
  readonly misfit: number;
  /** The larger of both, in units of the base's deviation. */
  readonly size: number;
}

function residualOf(at: Moments, base: Moments, tilt: Tilt, frozenVariance: boolean): Residual {
  const force = tilt.slope - (at.mean - base.mean) / base.variance;
  const precision = 1 / base.variance - tilt.curvature;
  const misfit = frozenVariance ? 0 : 1 - precision * at.variance;
  return {
    force,
    precision,
    misfit,
    size: Math.max(Math.abs(force * Math.sqrt(base.variance)), Math.abs(misfit)),
  };
}

/** Shift of mean and of log variance by which the Jacobian is measured. */
const DIFFERENCE = 1e-5;

/** Newton's step on both residuals, in mean and log variance; null where the Jacobian is singular or the step is long. */
function newton(
  at: Moments,
  { force, precision, misfit }: Residual,
  base: Moments,
  tilted: (at: Moments) => Tilt,
  frozenVariance: boolean,
): Moments | null {
  if (frozenVariance) return precision > 0 ? { ...at, mean: at.mean + force / precision } : null;
  const residual = (other: Moments): Residual => residualOf(other, base, tilted(other), false);
  const byMean = residual({ ...at, mean: at.mean + DIFFERENCE });
  const byVariance = residual({ ...at, variance: at.variance * Math.exp(DIFFERENCE) });
  const [a, b] = [(byMean.force - force) / DIFFERENCE, (byVariance.force - force) / DIFFERENCE];
  const [c, d] = [(byMean.misfit - misfit) / DIFFERENCE, (byVariance.misfit - misfit) / DIFFERENCE];
  const determinant = a * d - b * c;
  const [mean, log] = [(b * misfit - d * force) / determinant, (c * force - a * misfit) / determinant];
  if (!(Math.abs(mean) < 2 * Math.sqrt(base.variance) && Math.abs(log) < 2)) return null;
  return { mean: at.mean + mean, variance: at.variance * Math.exp(log) };
}

function moved(at: Moments, force: number, precision: number, rate: number): Moments {
  const variance = 1 / ((1 - rate) / at.variance + rate * precision);
  return { mean: at.mean + rate * variance * force, variance };
}

/** KL(N(m, v) ‖ N(μ, σ²)) − E log g, in nats. */
function divergenceOf(at: Moments, base: Moments, tilt: Tilt): number {
  const ratio = at.variance / base.variance;
  const shift = (at.mean - base.mean) ** 2 / base.variance;
  return 0.5 * (ratio + shift - 1 - Math.log(ratio)) - tilt.value;
}

/**
 * With p = σ(u) and r = (1 − w) p / (w Z + (1 − w) p), the share of the safe part in g: (log g)' = k r σ(−u) and
 * (log g)'' = k² r σ(−u) (σ(−u) − p − r σ(−u)). The constant −log Z of log g is left out for w = 0, where Z may be tiny.
 */
function tiltOf(at: Moments, { boundary, sharpness, calibration: w }: PlaneTeacher, gate: number): Tilt {
  const { points, weights } = gaussianPoints(at.mean, at.variance, 1 / sharpness);
  let value = 0;
  let slope = 0;
  let curvature = 0;
  for (let i = 0; i < points.length; i++) {
    const u = sharpness * (points[i]! - boundary);
    const small = Math.exp(-Math.abs(u));
    const large = 1 / (1 + small);
    const [p, rest] = u >= 0 ? [large, small * large] : [small * large, large];
    const total = w * gate + (1 - w) * p;
    const share = w === 0 ? 1 : ((1 - w) * p) / total;
    const weight = weights[i]!;
    value += weight * (w === 0 ? Math.min(0, u) - Math.log1p(small) : Math.log(total));
    slope += weight * sharpness * share * rest;
    curvature += weight * sharpness ** 2 * share * rest * (rest - p - share * rest);
  }
  return { value, slope, curvature };
}
