import {
  EXPRESSIVENESS_AXES,
  type ExpressivenessAxis,
  type LeakagePair,
  type LeakageRecord,
  type ShiftRecord,
} from '../../record/geometry-record.ts';
import {
  directions,
  readout,
  referenceMeans,
  unit,
  whitenedCosine,
  type Directions,
  type ReferenceMeans,
  type ReferenceStates,
} from './axes.ts';
import { pooledCovariance, type PooledCovariance } from './covariance.ts';
import { leakage, readShifts } from './leakage.ts';
import { combine, cosine, type Vector } from './linear-algebra.ts';
import type { Uniform } from './resampling.ts';

/** Kinds of query that the geometry is measured on. */
export const AXIS_KINDS = ['harmful', 'benign'] as const;
export type AxisKind = (typeof AXIS_KINDS)[number];

/** A value for every query of each kind, in the same order. */
export type ByKind<T> = Readonly<Record<AxisKind, readonly T[]>>;

/** Maps every entry of both kinds. */
export const mapKinds = <T, R>(values: ByKind<T>, map: (value: T) => R): ByKind<R> => ({
  harmful: values.harmful.map(value => map(value)),
  benign: values.benign.map(value => map(value)),
});

/** The base's axes: means and directions of the reference answers, and their pooled covariance. */
export interface GeometryAxes {
  readonly means: ReferenceMeans;
  readonly directions: Directions;
  readonly covariance: PooledCovariance;
}

/** Axes of reference answers. @throws RangeError where there are too few, or they do not differ. */
export function geometryAxes(states: ReferenceStates): GeometryAxes {
  const means = referenceMeans(states);
  const covariance = pooledCovariance([...Object.values(states.harmful), ...Object.values(states.benign)]);
  return { means, directions: directions(means), covariance };
}

/**
 * Leakage of the shift from one set of states to another along the mixed safety axis, for both expressiveness axes, by whitened
 * readouts and by raw projections. Harmful and benign queries weigh the same. `seeded` gives fresh draws for every interval.
 */
export function shiftRecord(
  { directions: { safety, expressiveness }, covariance: { factor } }: GeometryAxes,
  to: ByKind<Vector>,
  from: ByKind<Vector>,
  seeded: () => Uniform,
): ShiftRecord {
  const shifts = AXIS_KINDS.map(kind =>
    to[kind].map((state, query) =>
      combine([
        [1, state],
        [-1, from[kind][query]!],
      ]),
    ),
  );
  const read = (axis: Vector, forced: number | null, toReadout: (v: Vector) => Vector): LeakageRecord => {
    const readouts = { safety: toReadout(safety.mixed), expressiveness: toReadout(axis) };
    return leakage(
      shifts.map(stratum => readShifts(stratum, readouts)),
      forced,
      seeded(),
    );
  };
  const pairs = EXPRESSIVENESS_AXES.map((name): [ExpressivenessAxis, LeakagePair] => {
    const axis = expressiveness[name];
    const whitened = read(axis, whitenedCosine(factor, safety.mixed, axis), v => readout(factor, v));
    return [name, { whitened, raw: read(axis, cosine(safety.mixed, axis), unit) }];
  });
  return Object.fromEntries(pairs) as Record<ExpressivenessAxis, LeakagePair>;
}
