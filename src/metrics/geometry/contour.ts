import { contours } from 'd3-contour';
import type { PlaneGrid } from './plane-grid.ts';

type Point = readonly [safety: number, expressiveness: number];

/** The least mass of the cells that together hold `share` of the total: the level of a highest-density region (Hyndman 1996). */
export function massLevel(masses: Float64Array, share: number): number {
  const sorted = Float64Array.from(masses).sort().reverse();
  const wanted = share * sorted.reduce((sum, mass) => sum + mass, 0);
  let held = 0;
  for (const mass of sorted) if ((held += mass) >= wanted) return mass;
  return 0;
}

/** Outlines of the region where `masses` [rows × columns] reach `level`, as closed loops; the grid's edge cuts it half a cell outside. */
export function outlines(
  { safety, expressiveness }: PlaneGrid,
  masses: Float64Array,
  level: number,
): readonly (readonly Point[])[] {
  // d3 counts cells from their corner: the first cell's middle is ½.
  const along = (axis: Float64Array, cell: number): number => axis[0]! + (cell - 0.5) * (axis[1]! - axis[0]!);
  return contours()
    .size([safety.length, expressiveness.length])
    .contour(masses as unknown as number[], level)
    .coordinates.flat()
    .map(ring => ring.slice(1).map(([s, e]): Point => [along(safety, s!), along(expressiveness, e!)]));
}
