import type { ExpressivenessAxis, GeometryRecord } from '../../record/geometry-record.ts';
import type { RunGroup } from './groups.ts';
import type { Table } from '../../record/tables.ts';

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
  /** Where the group's teachers were before step 1, under the constitution; null where that was not measured. */
  readonly teacher: GeometryPoint | null;
}

export interface GeometryFigure {
  readonly axis: ExpressivenessAxis;
  /** Only of groups that were measured. */
  readonly paths: readonly GeometryPath[];
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Means by step, in order of the steps. */
function meanPoints(places: readonly GeometryRecord[], axis: ExpressivenessAxis): GeometryPoint[] {
  const bySteps = new Map<number, { x: number; y: number }[]>();
  for (const { step, x, y } of places) {
    const height = y[axis];
    if (x !== null && height !== null) bySteps.set(step, [...(bySteps.get(step) ?? []), { x, y: height }]);
  }
  return [...bySteps]
    .sort(([a], [b]) => a - b)
    .map(([step, found]) => ({
      step,
      x: average(found.map(({ x }) => x)),
      y: average(found.map(({ y }) => y)),
      seeds: found.length,
    }));
}

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
    const points = meanPoints(
      group.runs.flatMap(({ record }) => record.geometry),
      axis,
    );
    if (points.length === 0) return [];
    const teachers = group.runs.flatMap(({ record }) => record.geometryBaseline?.teacher ?? []);
    return [{ name: group.label, group: i, points, teacher: meanPoints(teachers, axis)[0] ?? null }];
  });
  return { axis, paths };
}

export function geometryTable({ paths }: GeometryFigure): Table {
  return {
    columns: ['group', 'policy', 'step', 'safety x', 'expressiveness y', 'seeds'],
    rows: paths.flatMap(({ name, points, teacher }) => [
      ...(teacher ? [[name, 'teacher', teacher.step, teacher.x, teacher.y, teacher.seeds]] : []),
      ...points.map(({ step, x, y, seeds }) => [name, 'student', step, x, y, seeds]),
    ]),
  };
}
