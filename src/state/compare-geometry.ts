import type { ExpressivenessAxis } from '../contract/geometry-record.ts';
import type { RunGroup } from './compare-groups.ts';
import type { Table } from './export.ts';

export interface GeometryPoint {
  readonly step: number;
  /** Means over the seeds measured at the step. x: 0 base, 1 all refused. y: 0 base, −1 fully contracted. */
  readonly x: number;
  readonly y: number;
  readonly seeds: number;
}

export interface GeometryPath {
  readonly name: string;
  readonly group: number;
  /** In order of their step. */
  readonly points: readonly GeometryPoint[];
}

export interface GeometryFigure {
  readonly axis: ExpressivenessAxis;
  /** Only of groups that were measured. */
  readonly paths: readonly GeometryPath[];
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Where each group's students went in the plane of safety and expressiveness (docs/method.md, "Geometric leakage"), by the base's
 * axes: full refusal is at x = 1, full contraction at y = −1. Places without a scale are left out.
 * @param axis which contrast is expressiveness: full against short answers, or against half short ones and half refusals
 */
export function geometryFigure(
  groups: readonly RunGroup[],
  axis: ExpressivenessAxis = 'withRefusals',
): GeometryFigure {
  const paths = groups.flatMap((group, i): GeometryPath[] => {
    const bySteps = new Map<number, { x: number; y: number }[]>();
    for (const { step, x, y } of group.runs.flatMap(({ record }) => record.geometry)) {
      const height = y[axis];
      if (x !== null && height !== null) bySteps.set(step, [...(bySteps.get(step) ?? []), { x, y: height }]);
    }
    if (bySteps.size === 0) return [];
    const points = [...bySteps]
      .sort(([a], [b]) => a - b)
      .map(([step, found]) => ({
        step,
        x: average(found.map(({ x }) => x)),
        y: average(found.map(({ y }) => y)),
        seeds: found.length,
      }));
    return [{ name: group.label, group: i, points }];
  });
  return { axis, paths };
}

export function geometryTable({ paths }: GeometryFigure): Table {
  return {
    columns: ['group', 'step', 'safety x', 'expressiveness y', 'seeds'],
    rows: paths.flatMap(({ name, points }) =>
      points.map(({ step, x, y, seeds }) => [name, step, x, y, seeds]),
    ),
  };
}
