import type { BinnedPoints } from '../../state/charts/binning.ts';
import type { Scale } from '../figures/scale.ts';
import type { PlotValues } from './plot-values.ts';

const at = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** On a logarithmic axis 0 and less have no place: they are left out, and a line goes on without them. */
const placed = (sy: Scale, value: number): boolean => Number.isFinite(sy(value));

export function linePath({ x, y }: BinnedPoints, sx: Scale, sy: Scale): string {
  const places = x.flatMap((step, i) => (placed(sy, y[i] ?? 0) ? [at(sx(step), sy(y[i] ?? 0))] : []));
  return places.length > 0 ? `M${places.join('L')}` : '';
}

/** All points in one path: a stroke of no length with round ends is a dot. */
export function dotsPath({ x, y }: BinnedPoints, sx: Scale, sy: Scale): string {
  return x.map((step, i) => (placed(sy, y[i] ?? 0) ? `M${at(sx(step), sy(y[i] ?? 0))}h0` : '')).join('');
}

export function bandPath({ evaluations }: PlotValues, sx: Scale, sy: Scale): string {
  const known = evaluations.flatMap(({ step, interval }) =>
    interval && placed(sy, interval[0]) ? [{ step, interval }] : [],
  );
  if (known.length === 0) return '';
  const upper = known.map(({ step, interval }) => at(sx(step), sy(interval[1])));
  const lower = known.map(({ step, interval }) => at(sx(step), sy(interval[0]))).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}

export function whiskersPath({ evaluations }: PlotValues, sx: Scale, sy: Scale): string {
  return evaluations
    .map(({ step, interval }) =>
      interval && placed(sy, interval[0])
        ? `M${at(sx(step), sy(interval[0]))}V${sy(interval[1]).toFixed(1)}`
        : '',
    )
    .join('');
}

const SIZE = 4;
export function diamondsPath({ evaluations }: PlotValues, sx: Scale, sy: Scale): string {
  return evaluations
    .filter(({ value }) => placed(sy, value))
    .map(
      ({ step, value }) =>
        `M${at(sx(step), sy(value) - SIZE)}l${SIZE} ${SIZE}l-${SIZE} ${SIZE}l-${SIZE}-${SIZE}Z`,
    )
    .join('');
}

/** A line across the plot at the height of a value. */
export const levelPath = (
  value: number,
  { x, width }: { readonly x: number; readonly width: number },
  sy: Scale,
): string => (placed(sy, value) ? `M${at(x, sy(value))}H${(x + width).toFixed(1)}` : '');
