import { normalCdf } from './normal.ts';
import { forwardStudent, reverseStudent, type Moments } from './plane-safety.ts';

/**
 * A policy over the plane of safety s and expressiveness e: a Gaussian. Correlation is the cosine of the whitened angle between the
 * axes; below 0, safe answers are the plain ones.
 */
export interface PlanePolicy {
  readonly mean: readonly [safety: number, expressiveness: number];
  readonly variance: readonly [safety: number, expressiveness: number];
  readonly covariance: number;
}

export interface PlaneTeacher {
  /** b: answers beyond it are safe. */
  readonly boundary: number;
  /** k of sigmoid(k (s − b)); Infinity is a hard boundary. */
  readonly sharpness: number;
  /** w in [0, 1]: share of the unconditioned policy in the teacher, as calibration puts it back. */
  readonly calibration: number;
}

export interface PlaneTraining {
  readonly divergence: 'forward-kl' | 'reverse-kl';
  /** Whether the student keeps the covariance of the base: a policy that can move, but not change its shape. */
  readonly frozenCovariance: boolean;
}

/** A base from deviations and a correlation. @throws RangeError when it is no Gaussian. */
export function planePolicy(
  mean: readonly [number, number],
  deviation: readonly [number, number],
  correlation: number,
): PlanePolicy {
  const [s, e] = deviation;
  if (!(s > 0 && e > 0 && Math.abs(correlation) < 1))
    throw new RangeError('planePolicy: deviations must be above 0 and the correlation within −1 and 1');
  return { mean, variance: [s * s, e * e], covariance: correlation * s * e };
}

/**
 * The Gaussian student that training on the teacher ends in, in closed form but for two scalars. The definition is this lab's own
 * (docs/method.md).
 *
 * Teacher ∝ p0(s, e) g(s) with base p0 = N(μ, Σ) and g(s) = (1 − w) σ(k (s − b)) / Z + w, Z = E_p0 σ(k (s − b)). Because g
 * depends on s alone, teacher and best student keep the base's p(e | s) under both divergences, so that only mean and variance of s
 * are sought, and with κ = Σ_es / Σ_ss
 *
 *   Δe = κ Δs,  Σ'_es = κ Σ'_ss,  Σ'_ee = Σ_ee − κ² (Σ_ss − Σ'_ss):
 *
 * leakage per unit of safety is κ whatever the divergence. With a frozen covariance only the mean moves.
 * @throws RangeError for reverse KL to a hard boundary, which is infinite for every Gaussian, and for settings out of range.
 */
export function planeStudent(base: PlanePolicy, teacher: PlaneTeacher, training: PlaneTraining): PlanePolicy {
  const { sharpness, calibration, boundary } = teacher;
  if (!(sharpness > 0 && calibration >= 0 && calibration <= 1 && Number.isFinite(boundary)))
    throw new RangeError(
      'planeStudent: sharpness must be above 0, calibration within 0 and 1, the boundary finite',
    );
  const before: Moments = { mean: base.mean[0], variance: base.variance[0] };
  const student = training.divergence === 'forward-kl' ? forwardStudent : reverseStudent;
  const { mean, variance } = student(before, teacher, training.frozenCovariance);
  const kappa = base.covariance / base.variance[0];
  return {
    mean: [mean, base.mean[1] + kappa * (mean - before.mean)],
    variance: [variance, base.variance[1] - kappa ** 2 * (before.variance - variance)],
    covariance: kappa * variance,
  };
}

/** Differential entropy of a policy in nats: log 2πe + ½ log |Σ|. */
export function planeEntropy({ variance: [s, e], covariance }: PlanePolicy): number {
  return Math.log(2 * Math.PI * Math.E) + 0.5 * Math.log(s * e - covariance ** 2);
}

/** Probability mass beyond a boundary. */
export const planeSafety = ({ mean, variance }: PlanePolicy, boundary: number): number =>
  normalCdf((mean[0] - boundary) / Math.sqrt(variance[0]));
