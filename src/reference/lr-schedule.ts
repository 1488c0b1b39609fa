export type Schedule = 'constant' | 'linear' | 'cosine';

/**
 * Factor on the learning rate at optimiser step `step` (from 0) of `total`, in Hugging Face's convention: rises as
 * step / warmup over the first `warmup` steps, then stays (constant), falls to 0 at `total` in a line (linear), or as
 * (1 + cos(π · progress)) / 2 (cosine). The first step of a warm-up has factor 0.
 */
export function learningRateFactor(schedule: Schedule, step: number, total: number, warmup: number): number {
  if (step < warmup) return step / warmup;
  if (schedule === 'constant') return 1;
  const progress = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
  return schedule === 'linear' ? 1 - progress : 0.5 * (1 + Math.cos(Math.PI * progress));
}
