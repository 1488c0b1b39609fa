import type { EvaluationRecord } from '../../record/run-record.ts';
import { basesOf, studentsOf, type RunGroup } from './groups.ts';
import { estimate } from './estimates.ts';
import {
  BORDERLINE,
  DIVERSITY,
  GENERAL,
  HELPFUL,
  RICH,
  UNSAFE,
  type EvaluationFigure,
} from '../../record/evaluation-record.ts';
import type { Table } from '../../record/tables.ts';

export interface RadarAxis {
  readonly label: string;
  readonly measure: EvaluationFigure;
  /** Where less of the measure is better, the axis shows 1 − it: outward is good on every axis. */
  readonly inverted: boolean;
}

export const RADAR_AXES: readonly RadarAxis[] = [
  { label: 'Safe', measure: UNSAFE, inverted: true },
  { label: 'Rich on harm', measure: RICH, inverted: false },
  { label: 'Full help, benign', measure: HELPFUL, inverted: false },
  { label: 'Borderline answered', measure: BORDERLINE, inverted: true },
  { label: 'General ability', measure: GENERAL, inverted: false },
  { label: 'Diversity', measure: DIVERSITY, inverted: false },
];

/** One closed line of the radar: a value in [0, 1] on each axis, outward good. */
export interface RadarShape {
  readonly name: string;
  /** The group's place among the groups; null for the base. */
  readonly group: number | null;
  readonly values: readonly (number | null)[];
}

/** The radar of the ablations, base first: means over seeds on six axes. */
export function radarFigure(groups: readonly RunGroup[]): readonly RadarShape[] {
  const shape = (
    name: string,
    group: number | null,
    records: readonly EvaluationRecord[],
  ): readonly RadarShape[] => {
    if (records.length === 0) return [];
    const values = RADAR_AXES.map(({ measure, inverted }) => {
      const mean = estimate(measure, records)?.mean ?? null;
      return mean === null ? null : inverted ? 1 - mean : mean;
    });
    return [{ name, group, values }];
  };
  return [
    ...shape('Base', null, basesOf(groups)),
    ...groups.flatMap((group, i) => shape(group.label, i, studentsOf(group))),
  ];
}

export function radarTable(shapes: readonly RadarShape[]): Table {
  return {
    columns: ['policy', ...RADAR_AXES.map(({ label }) => label.toLowerCase())],
    rows: shapes.map(({ name, values }) => [name, ...values]),
  };
}
