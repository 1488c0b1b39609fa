import { memo } from 'react';
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { bandPath, diamondsPath, dotsPath, levelPath, linePath, whiskersPath } from './plot-paths.ts';
import type { Scale } from '../figures/scale.ts';
import type { PlotValues } from './plot-values.ts';

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
  const level = (value: number): string => levelPath(value, area, sy);
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
