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

/** Sides of a square of four cells, in the order of their corners: below, right, above, left. */
const [BELOW, RIGHT, ABOVE, LEFT] = [0, 1, 2, 3] as const;

/** Marching squares (Lorensen & Cline 1987): from which side to which, by the corners inside, which lie on the left. */
const SEGMENTS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[BELOW, LEFT]],
  [[RIGHT, BELOW]],
  [[RIGHT, LEFT]],
  [[ABOVE, RIGHT]],
  [
    [BELOW, LEFT],
    [ABOVE, RIGHT],
  ],
  [[ABOVE, BELOW]],
  [[ABOVE, LEFT]],
  [[LEFT, ABOVE]],
  [[BELOW, ABOVE]],
  [
    [RIGHT, BELOW],
    [LEFT, ABOVE],
  ],
  [[RIGHT, ABOVE]],
  [[LEFT, RIGHT]],
  [[BELOW, RIGHT]],
  [[LEFT, BELOW]],
  [],
];

/** Outlines of the region where `masses` [rows × columns] reach `level`, as closed loops; beyond the grid there is no mass. */
export function outlines(
  { safety, expressiveness }: PlaneGrid,
  masses: Float64Array,
  level: number,
): readonly (readonly Point[])[] {
  const [columns, rows] = [safety.length, expressiveness.length];
  const at = (row: number, column: number): number =>
    row < 0 || column < 0 || row >= rows || column >= columns ? 0 : masses[row * columns + column]!;
  const along = (axis: Float64Array, index: number): number => axis[0]! + index * (axis[1]! - axis[0]!);
  /** Where the level crosses the side between two corners, the lower or left one first, and the name of that side. */
  const crossing = (row: number, column: number, side: number): readonly [name: number, point: Point] => {
    const upright = side === LEFT || side === RIGHT;
    const [r, c] = [side === ABOVE ? row + 1 : row, side === RIGHT ? column + 1 : column];
    const from = at(r, c);
    const to = upright ? at(r + 1, c) : at(r, c + 1);
    const share = (level - from) / (to - from);
    const name = 2 * ((r + 1) * (columns + 2) + c + 1) + (upright ? 1 : 0);
    return [name, [along(safety, upright ? c : c + share), along(expressiveness, upright ? r + share : r)]];
  };
  const next = new Map<number, readonly [name: number, point: Point]>();
  for (let row = -1; row < rows; row++)
    for (let column = -1; column < columns; column++) {
      const corners = [at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)];
      const inside = corners.reduce((bits, mass, i) => (mass >= level ? bits | (1 << i) : bits), 0);
      for (const [from, to] of SEGMENTS[inside]!)
        next.set(crossing(row, column, from)[0], crossing(row, column, to));
    }
  const loops: Point[][] = [];
  while (next.size > 0) {
    const [start] = next.keys();
    const loop: Point[] = [];
    for (let name = start!; next.has(name);) {
      const [following, point] = next.get(name)!;
      next.delete(name);
      loop.push(point);
      name = following;
    }
    loops.push(loop);
  }
  return loops;
}
