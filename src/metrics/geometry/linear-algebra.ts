/** A point or direction of the hidden space, f64 [dim]. */
export type Vector = Float64Array;

/** A symmetric matrix, f64 [dim, dim], row by row. */
export interface SymmetricMatrix {
  readonly dim: number;
  readonly values: Float64Array;
}

/** Lower triangular L with M = L Lᵀ, f64 [dim, dim]; what is above the diagonal is 0. */
export interface CholeskyFactor {
  readonly dim: number;
  readonly lower: Float64Array;
}

export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

const norm = (a: Vector): number => Math.sqrt(dot(a, a));

/** Σ wᵢ vᵢ, a new vector. @throws RangeError when there is no vector, or their lengths differ. */
export function combine(terms: readonly (readonly [weight: number, vector: Vector])[]): Vector {
  const dim = terms[0]?.[1].length;
  if (dim === undefined || terms.some(([, vector]) => vector.length !== dim))
    throw new RangeError('combine: needs at least one vector, all of one length');
  const sum = new Float64Array(dim);
  for (const [weight, vector] of terms) for (let i = 0; i < dim; i++) sum[i]! += weight * vector[i]!;
  return sum;
}

/** Mean of the vectors. @throws RangeError when there is none, or their lengths differ. */
export const mean = (vectors: readonly Vector[]): Vector =>
  combine(vectors.map(vector => [1 / vectors.length, vector]));

/** vᵀ w / (‖v‖ ‖w‖); null where one of them is zero. */
export function cosine(v: Vector, w: Vector): number | null {
  const lengths = norm(v) * norm(w);
  return lengths > 0 ? dot(v, w) / lengths : null;
}

/** Cholesky factor of a positive definite matrix, dim³ / 3 multiplications. @throws RangeError where it is not. */
export function cholesky({ dim, values }: SymmetricMatrix): CholeskyFactor {
  const lower = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = values[i * dim + j]!;
      for (let k = 0; k < j; k++) rest -= lower[i * dim + k]! * lower[j * dim + k]!;
      if (i !== j) lower[i * dim + j] = rest / lower[j * dim + j]!;
      else if (rest > 0) lower[i * dim + i] = Math.sqrt(rest);
      else
        throw new RangeError(
          `cholesky: the matrix of ${dim} dimensions is not positive definite at ${i}. Shrink it more, or take more samples`,
        );
    }
  }
  return { dim, lower };
}

/** M⁻¹ v by forward and backward substitution, a new vector. */
export function solve({ dim, lower }: CholeskyFactor, v: Vector): Vector {
  const x = Float64Array.from(v);
  for (let i = 0; i < dim; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * dim + k]! * x[k]!;
    x[i]! /= lower[i * dim + i]!;
  }
  for (let i = dim - 1; i >= 0; i--) {
    for (let k = i + 1; k < dim; k++) x[i]! -= lower[k * dim + i]! * x[k]!;
    x[i]! /= lower[i * dim + i]!;
  }
  return x;
}
