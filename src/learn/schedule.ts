/** Learning-rate schedules by name: linear warm-up, then constant, linear to zero, or cosine to `floor` of the peak. */
export interface Schedule {
  readonly kind: 'constant' | 'linear' | 'cosine';
  readonly peak: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
  /** Share of the peak at the end of a cosine; 0 by default. */
  readonly floor?: number;
}

/** Learning rate of step `step`, counted from 0. */
export function learningRateAt(
  { kind, peak, warmupSteps, totalSteps, floor = 0 }: Schedule,
  step: number,
): number {
  const warmup = warmupSteps > 0 ? Math.min(1, (step + 1) / warmupSteps) : 1;
  const progress = Math.min(1, step / Math.max(1, totalSteps));
  const decay =
    kind === 'constant'
      ? 1
      : kind === 'linear'
        ? 1 - progress
        : floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
  return peak * warmup * decay;
}
