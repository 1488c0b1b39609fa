import type { Box } from '../figures/frame.ts';
import { linear, type Domain } from '../figures/scale.ts';

/** The part of the plane that is drawn, in deviations of the base. */
export const SAFETY: Domain = { low: -3.5, high: 4.5, ticks: [-3, -2, -1, 0, 1, 2, 3, 4] };
export const EXPRESSIVENESS: Domain = { low: -4, high: 4, ticks: [-4, -2, 0, 2, 4] };
/** Where along safety the handle of the leakage line sits. */
export const LINE_HANDLE = 3.8;

export interface PlaneScales {
  readonly box: Box;
  readonly sx: (safety: number) => number;
  readonly sy: (expressiveness: number) => number;
}

/** Where the plane lies in a drawing of that width. */
export function planeScales(width: number): PlaneScales {
  const box: Box = {
    left: 58,
    top: 24,
    width: width - 70,
    height: Math.min(430, Math.max(280, width * 0.85)),
  };
  return {
    box,
    sx: linear(SAFETY, box.left, box.left + box.width),
    sy: linear(EXPRESSIVENESS, box.top + box.height, box.top),
  };
}
