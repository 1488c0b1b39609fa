import { memo } from 'react';
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import type { BinnedPoints } from '../../state/binning.ts';
import type { PlotValues } from './plot-values.ts';

type Scale = (value: number) => number;

const at = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** On a logarithmic axis 0 and less have no place: they are left out, and a line goes on without them. */
const placed = (sy: Scale, value: number): boolean => Number.isFinite(sy(value));

function linePath({ x, y }: BinnedPoints, sx: Scale, sy: Scale): string {
  const places = x.flatMap((step, i) => (placed(sy, y[i] ?? 0) ? [at(sx(step), sy(y[i] ?? 0))] : []));
  return places.length > 0 ? `M${places.join('L')}` : '';
}

/** All points in one path: a stroke of no length with round ends is a dot. */
function dotsPath({ x, y }: BinnedPoints, sx: Scale, sy: Scale): string {
  return x.map((step, i) => (placed(sy, y[i] ?? 0) ? `M${at(sx(step), sy(y[i] ?? 0))}h0` : '')).join('');
}

function bandPath({ evaluations }: PlotValues, sx: Scale, sy: Scale): string {
  const known = evaluations.flatMap(({ step, interval }) =>
    interval && placed(sy, interval[0]) ? [{ step, interval }] : [],
  );
  if (known.length === 0) return '';
  const upper = known.map(({ step, interval }) => at(sx(step), sy(interval[1])));
  const lower = known.map(({ step, interval }) => at(sx(step), sy(interval[0]))).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}

function whiskersPath({ evaluations }: PlotValues, sx: Scale, sy: Scale): string {
  return evaluations
    .map(({ step, interval }) =>
      interval && placed(sy, interval[0])
        ? `M${at(sx(step), sy(interval[0]))}V${sy(interval[1]).toFixed(1)}`
        : '',
    )
    .join('');
}

const SIZE = 4;
function diamondsPath({ evaluations }: PlotValues, sx: Scale, sy: Scale): string {
  return evaluations
    .filter(({ value }) => placed(sy, value))
    .map(
      ({ step, value }) =>
        `M${at(sx(step), sy(value) - SIZE)}l${SIZE} ${SIZE}l-${SIZE} ${SIZE}l-${SIZE}-${SIZE}Z`,
    )
    .join('');
}

/**
 * The figures of a plot, inside a Recharts chart and on its scales. Six paths, whatever the number of points: a redraw
 * costs the browser a few attributes and leaves the axes alone.
 */
export const PlotLayers = memo(function PlotLayers({ values }: { readonly values: PlotValues }) {
  const area = usePlotArea();
  const scaleX = useXAxisScale();
  const scaleY = useYAxisScale();
  if (!area || !scaleX || !scaleY) return null;
  const sx: Scale = value => scaleX(value) ?? 0;
  const sy: Scale = value => scaleY(value) ?? 0;
  const level = (value: number): string =>
    placed(sy, value) ? `M${at(area.x, sy(value))}H${(area.x + area.width).toFixed(1)}` : '';
  return (
    <g className="layers">
      <path className="layer-band" d={bandPath(values, sx, sy)} />
      {values.base !== null && <path className="layer-base" d={level(values.base)} />}
      {values.teacher !== null && <path className="layer-teacher" d={level(values.teacher)} />}
      <path className="layer-raw" d={dotsPath(values.raw, sx, sy)} />
      <path className="layer-smoothed" d={linePath(values.smoothed, sx, sy)} />
      <path className="layer-whiskers" d={whiskersPath(values, sx, sy)} />
      <path className="layer-evaluation" d={diamondsPath(values, sx, sy)} />
    </g>
  );
});
