/**
 * A value passes where |actual − expected| ≤ abs + rel · |expected| + ofMax · max|expected over the tensor|. ofMax is for tensors whose
 * elements are sums with cancellation: their rounding error scales with the summands, that is with the tensor, and not with the element
 * that is left.
 */
export interface Tolerance {
  readonly abs: number;
  readonly rel: number;
  readonly ofMax: number;
  readonly why: string;
}

/** The only table of tolerances: every comparison of numbers in a test names its row. */
export const tolerances = {
  exact: { abs: 0, rel: 0, ofMax: 0, why: 'integers, copies and bit patterns' },

  referenceIdentity: {
    abs: 1e-13,
    rel: 1e-12,
    ofMax: 1e-12,
    why: 'two f64 formulas of one quantity: a few thousand roundings of 1.1e-16',
  },
  finiteDifference: {
    abs: 1e-10,
    rel: 1e-7,
    ofMax: 5e-9,
    why: 'central difference in f64 with h = 1e-5: truncation h²/6 ≈ 2e-11 of the third derivative, cancellation 1e-16 / h = 1e-11',
  },
  autodiff: {
    abs: 1e-7,
    rel: 1e-5,
    ofMax: 1e-5,
    why: "f64 sums, but jax-js's wasm exp and log are f32 polynomials: measured 4e-8 and 7e-7 relative",
  },
  goldenScalar: {
    abs: 1e-13,
    rel: 1e-12,
    ofMax: 0,
    why: 'f64 against f64 of another library, printed in full; exp and sum order differ by some ulp',
  },
  printedThousandths: { abs: 6e-4, rel: 0, ofMax: 0, why: 'expected values are printed to three decimals' },
  goldenLogits: { abs: 6e-8, rel: 1e-9, ofMax: 0, why: 'golden logits are printed to seven decimals' },
  goldenGradient: {
    abs: 1e-12,
    rel: 1.3e-7,
    ofMax: 1e-9,
    why: 'golden gradients are f64 rounded to f32 (6e-8)',
  },
  goldenFamily: {
    abs: 1e-6,
    rel: 1e-5,
    ofMax: 2e-6,
    why: 'f64 against transformers, which takes norms, angles and softmax in f32 (6e-8), through two layers and back',
  },
  goldenTrajectory: {
    abs: 1e-13,
    rel: 1e-11,
    ofMax: 0,
    why: 'ten optimiser steps in f64: rounding differences grow with each step; measured 2e-14',
  },

  f32Elementwise: {
    abs: 1e-7,
    rel: 2e-6,
    ofMax: 2e-7,
    why: 'f32 (6e-8) through one exp or division; WGSL allows exp 3 + 2|x| ulp',
  },
  f32Rope: {
    abs: 1e-6,
    rel: 0,
    ofMax: 1e-4,
    why: 'f32 angle = position · frequency: error 6e-8 · position radians, here for positions up to about 1,000; sin and cos of WGSL 2^-11 at worst in [−π, π]',
  },
  f32Sum: {
    abs: 1e-7,
    rel: 1e-5,
    ofMax: 3e-6,
    why: 'f32 dot products and row reductions of up to a few thousand terms in any order: about sqrt(terms) · 6e-8 of the summands',
  },
  f32Attention: {
    abs: 1e-6,
    rel: 2e-5,
    ofMax: 1e-5,
    why: 'dot product, exp of the f32 score and a weighted sum in series',
  },
  f32Loss: {
    abs: 2e-6,
    rel: 2e-5,
    ofMax: 2e-6,
    why: 'log-sum-exp and divergences of one row in f32: differences of log-probabilities lose 6e-8 · |logit|',
  },
  f32Mass: {
    abs: 1.2e-38,
    rel: 2e-5,
    ofMax: 0,
    why: 'a share of a softmax, relative because it may be tiny, down to the smallest normal f32: exp of a logit difference d is good to (3 + 2|d|) · 6e-8',
  },
  f32Decoder: {
    abs: 1e-5,
    rel: 1e-4,
    ofMax: 2e-5,
    why: 'f32 sums chained through every layer of a shallow decoder, forward or backward',
  },
  onnxLogits: {
    abs: 1e-3,
    rel: 0,
    ofMax: 0,
    why: 'logits of a few units by foreign WebGPU kernels: WGSL lets cos and sin of RoPE err by 2^-11; measured 2.9e-4 on SwiftShader',
  },
  f32Trajectory: {
    abs: 1e-5,
    rel: 1e-3,
    ofMax: 0,
    why: 'losses and gradient norms over some optimiser steps in f32: Adam enlarges the error of near-zero gradients',
  },
  f32Optimizer: {
    abs: 1e-8,
    rel: 5e-6,
    ofMax: 1e-6,
    why: 'one AdamW step in f32: square root, division and a bias correction computed in f64 on the host',
  },
  f16Weights: {
    abs: 1e-4,
    rel: 2e-3,
    ofMax: 2e-3,
    why: 'weights rounded to f16 (4.9e-4) before f32 arithmetic, against the unrounded reference',
  },
  q8Weights: {
    abs: 1e-3,
    rel: 1e-2,
    ofMax: 2e-2,
    why: 'weights in 8-bit blocks (half a step of max/127 each) against the unrounded reference',
  },
} as const satisfies Record<string, Tolerance>;

export type ToleranceName = keyof typeof tolerances;
