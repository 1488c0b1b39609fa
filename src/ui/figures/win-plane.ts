import type { RunParetoPoint } from '../../state/charts/run-pareto.ts';
import { px, type Shape } from './drawing.ts';
import type { Box } from './frame.ts';
import type { Scale } from './scale.ts';
import { BASE_DASH } from './series.ts';

type Place = Pick<RunParetoPoint, 'x' | 'y' | 'xRange' | 'yRange'>;

/** The axes of the plane of win rates. */
export const WIN_LABELS = {
  xLabel: 'helpfulness win rate against the base',
  yLabel: 'safety win rate against the base',
} as const;

/** The 95 % intervals of a place; '' where it has none. */
export function whiskersPath({ x, y, xRange, yRange }: Place, sx: Scale, sy: Scale): string {
  const across = xRange ? `M${px(sx(xRange[0]))} ${px(sy(y))}H${px(sx(xRange[1]))}` : '';
  const up = yRange ? `M${px(sx(x))} ${px(sy(yRange[0]))}V${px(sy(yRange[1]))}` : '';
  return across + up;
}

/** Radius of a bubble: its area goes with diversity, `largest` being that of 1. */
export const radiusOf = (diversity: number | null, smallest: number, largest: number): number =>
  Math.max(smallest, largest * Math.sqrt(Math.max(0, diversity ?? 0)));

/** Where the base ties with itself: at one half each. */
export const halfLines = ({ left, top, width, height }: Box, sx: Scale, sy: Scale): Shape => ({
  kind: 'path',
  d: `M${px(sx(0.5))} ${px(top)}v${px(height)}M${px(left)} ${px(sy(0.5))}h${px(width)}`,
  stroke: 'base',
  width: 1.5,
  dash: BASE_DASH,
});
