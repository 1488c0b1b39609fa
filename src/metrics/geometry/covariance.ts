import { cholesky, mean, type CholeskyFactor, type SymmetricMatrix, type Vector } from './linear-algebra.ts';

/** Least variance of a dimension, as a share of the mean variance: a dimension that never moves must not get unbounded weight. */
const VARIANCE_FLOOR = 1e-8;

export interface PooledCovariance {
  /** Σ = (1 − λ) S + λ diag(S). */
  readonly matrix: SymmetricMatrix;
  /** λ in [0, 1]. */
  readonly shrinkage: number;
  readonly factor: CholeskyFactor;
}

/**
 * Pooled within-class covariance, shrunk toward its diagonal.
 *
 * With n vectors in G classes, deviations d_k from the mean of their class and ν = n − G,
 *
 *   S_ij = (1 / ν) Σ_k w_kij,  w_kij = d_ki d_kj,
 *   λ = Σ_{i≠j} Var(S_ij) / Σ_{i≠j} S_ij²,  Var(S_ij) = (n / ν)² · Σ_k (w_kij − w̄_ij)² / (n (n − 1)),
 *
 * cut to [0, 1]: the shrinkage that minimises the expected squared error (Ledoit & Wolf 2003) for the target "diagonal, unequal
 * variances" (Schäfer & Strimmer 2005, target D), to which it is equal at G = 1. It treats the vectors as independent. Where every
 * S_ij off the diagonal is 0, λ = 1. Variances below 10⁻⁸ of their mean are raised to that.
 *
 * `samples` holds the vectors of each class; they are read only. n · dim² / 2 multiplications.
 * @throws RangeError with fewer than two vectors more than classes, or where nothing varies.
 */
export function pooledCovariance(samples: readonly (readonly Vector[])[]): PooledCovariance {
  const classes = samples.filter(vectors => vectors.length > 0);
  const deviations = classes.flatMap(vectors => {
    const centre = mean(vectors);
    return vectors.map(vector => vector.map((value, i) => value - centre[i]!));
  });
  const n = deviations.length;
  const freedom = n - classes.length;
  if (freedom < 2)
    throw new RangeError(`pooledCovariance: ${n} vectors in ${classes.length} classes leave nothing to pool`);
  const dim = deviations[0]!.length;
  const values = new Float64Array(dim * dim);
  let variances = 0;
  let squares = 0;
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      let sumOfSquares = 0;
      for (const deviation of deviations) {
        const product = deviation[i]! * deviation[j]!;
        sum += product;
        sumOfSquares += product * product;
      }
      const covariance = sum / freedom;
      values[i * dim + j] = values[j * dim + i] = covariance;
      if (i === j) continue;
      variances += Math.max(0, sumOfSquares - (sum * sum) / n);
      squares += covariance * covariance;
    }
  }
  variances *= (n / freedom) ** 2 / (n * (n - 1));
  const shrinkage = squares > 0 ? Math.min(1, variances / squares) : 1;
  shrink(values, dim, shrinkage);
  const matrix = { dim, values };
  return { matrix, shrinkage, factor: cholesky(matrix) };
}

/** Scales what is off the diagonal by 1 − λ and raises small variances, in place. */
function shrink(values: Float64Array, dim: number, shrinkage: number): void {
  let total = 0;
  for (let i = 0; i < dim; i++) total += values[i * dim + i]!;
  const floor = (VARIANCE_FLOOR * total) / dim;
  if (!(floor > 0)) throw new RangeError('pooledCovariance: the vectors of a class do not differ');
  for (let i = 0; i < dim; i++)
    for (let j = 0; j < dim; j++)
      if (i === j) values[i * dim + i] = Math.max(floor, values[i * dim + i]!);
      else values[i * dim + j]! *= 1 - shrinkage;
}
