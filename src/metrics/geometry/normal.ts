/** φ(x), the density of the standard normal. */
const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** From here on the continued fraction of the tail converges fast, and the series of the centre cancels. */
const TAIL = 3;
const FRACTION_DEPTH = 120;

/** (1 − Φ(x)) / φ(x) for x ≥ 3: Laplace's continued fraction 1 / (x + 1 / (x + 2 / (x + 3 / …))), from its inner end. */
function millsRatio(x: number): number {
  let rest = x;
  for (let k = FRACTION_DEPTH; k > 0; k--) rest = x + k / rest;
  return 1 / rest;
}

/** Φ(x) of the standard normal: Marsaglia's series (2004) near the centre, a continued fraction in the tails. */
export function normalCdf(x: number): number {
  if (x > TAIL) return 1 - normalDensity(x) * millsRatio(x);
  if (x < -TAIL) return normalDensity(x) * millsRatio(-x);
  let sum = x;
  let term = x;
  for (let i = 3; Math.abs(term) > 1e-18 * Math.abs(sum); i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

/** h = φ(x) / (1 − Φ(x)): mean of a standard normal cut off below x. Exact in the far tail too. */
export const hazard = (x: number): number =>
  x > TAIL ? 1 / millsRatio(x) : normalDensity(x) / normalCdf(-x);

/** Points of the trapezoidal rule that an integrand may ask for. */
const MOST_POINTS = 200_000;

/**
 * Points and weights for ∫ f(s) N(s; mean, variance) ds where f bends over lengths of `scale` at least: the trapezoidal rule over
 * nine deviations to both sides. For functions that are analytic around the real line its error falls exponentially with the step
 * (Trefethen & Weideman 2014); a step of scale / 2 leaves less than rounding for the logistic function of s / scale.
 * @throws RangeError when that takes more than 200,000 points.
 */
export function gaussianPoints(
  mean: number,
  variance: number,
  scale: number,
): { readonly points: Float64Array; readonly weights: Float64Array } {
  const deviation = Math.sqrt(variance);
  const step = Math.min(deviation / 4, scale / 2);
  const half = Math.ceil((9 * deviation) / step);
  if (!(2 * half < MOST_POINTS))
    throw new RangeError(
      `a boundary ${(deviation / scale).toPrecision(3)} times as sharp as the policy is wide is too sharp to integrate: take a hard one`,
    );
  const points = new Float64Array(2 * half + 1);
  const weights = new Float64Array(2 * half + 1);
  for (let i = 0; i < points.length; i++) {
    points[i] = mean + (i - half) * step;
    weights[i] = (step / deviation) * normalDensity((points[i]! - mean) / deviation);
  }
  return { points, weights };
}
