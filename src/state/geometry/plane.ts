import { massLevel, outlines } from '../../metrics/geometry/contour.ts';
import { calibrated, gridPolicy, planeGrid, type PlaneGrid } from '../../metrics/geometry/plane-grid.ts';
import {
  planeEntropy,
  planePolicy,
  planeSafety,
  planeStudent,
  type PlanePolicy,
  type PlaneTeacher,
} from '../../metrics/geometry/plane-model.ts';
import { correlationOf, type PlaneSettings } from './plane-settings.ts';

export type PlanePoint = readonly [safety: number, expressiveness: number];

/** Outlines of the smallest regions that hold as much as one and two deviations of a Gaussian do: 39 % and 86 %. */
export interface Cloud {
  readonly core: readonly (readonly PlanePoint[])[];
  readonly most: readonly (readonly PlanePoint[])[];
}

/** One policy of the model in numbers. */
export interface PlaneFigures {
  readonly mean: PlanePoint;
  /** Differential entropy in nats. */
  readonly entropy: number;
  /** Probability of an answer beyond the boundary. */
  readonly safe: number;
}

/** The student's shift from the base; the leakage is null where nothing was pushed. */
export interface PlaneShift {
  readonly safety: number;
  readonly expressiveness: number;
  readonly leakage: number | null;
}

/** Mass on the safe side in the lower and the upper half of the plane, of base, teacher and student. */
export interface ModeShares {
  readonly short: Readonly<Record<'base' | 'teacher' | 'student', number>>;
  readonly rich: Readonly<Record<'base' | 'teacher' | 'student', number>>;
}

/** What the settings come to. */
export interface PlaneOutcome {
  readonly correlation: number;
  readonly base: PlaneFigures;
  /** Only the teacher's mean: it is not a Gaussian. */
  readonly teacherMean: PlanePoint;
  readonly student: PlaneFigures | null;
  readonly shift: PlaneShift | null;
  readonly clouds: Readonly<Record<'base' | 'teacher', Cloud>> & { readonly student: Cloud | null };
  readonly modes: ModeShares | null;
  /** Why there is no student. */
  readonly problem: string | null;
}

/** Shares within one and two deviations of a Gaussian in the plane: 1 − e^(−r²/2). */
const [CORE, MOST] = [1 - Math.exp(-0.5), 1 - Math.exp(-2)];
const CORNERS = 72;

const planeBase = (settings: PlaneSettings): PlanePolicy =>
  planePolicy([0, 0], [1, 1], correlationOf(settings));

/** Ellipses of one and two deviations. */
function gaussianCloud({ mean, variance, covariance }: PlanePolicy): Cloud {
  // The Cholesky factor of the covariance takes a circle to the ellipse.
  const a = Math.sqrt(variance[0]);
  const b = covariance / a;
  const c = Math.sqrt(variance[1] - b * b);
  const ellipse = (radius: number): PlanePoint[] =>
    Array.from({ length: CORNERS }, (_, i) => {
      const turn = (2 * Math.PI * i) / CORNERS;
      const [u, v] = [radius * Math.cos(turn), radius * Math.sin(turn)];
      return [mean[0] + a * u, mean[1] + b * u + c * v];
    });
  return { core: [ellipse(1)], most: [ellipse(2)] };
}

export function gridCloud(grid: PlaneGrid, masses: Float64Array): Cloud {
  const at = (share: number): Cloud['core'] => outlines(grid, masses, massLevel(masses, share));
  return { core: at(CORE), most: at(MOST) };
}

export const shiftBetween = (from: PlanePoint, to: PlanePoint): PlaneShift => {
  const [safety, expressiveness] = [to[0] - from[0], to[1] - from[1]];
  return { safety, expressiveness, leakage: Math.abs(safety) < 1e-9 ? null : expressiveness / safety };
};

const TEACHER_GRID = planeGrid(61, 4.5);

/** The teacher ∝ p0 g on a grid, for its outline alone. */
function teacherMasses(
  correlation: number,
  { boundary, sharpness, calibration }: PlaneTeacher,
): Float64Array {
  const { safety } = TEACHER_GRID;
  const cell = safety[1]! - safety[0]!;
  const gate = safety.map(s =>
    sharpness === Infinity
      ? Math.min(1, Math.max(0, (s - boundary) / cell + 0.5))
      : 1 / (1 + Math.exp(-sharpness * (s - boundary))),
  );
  const base = gridPolicy(TEACHER_GRID, [
    { mean: [0, 0], variance: [1, 1], covariance: correlation, weight: 1 },
  ]);
  const passed = base.map((mass, at) => mass * gate[at % safety.length]!);
  const z = passed.reduce((sum, mass) => sum + mass, 0);
  return calibrated(
    passed.map(mass => mass / z),
    base,
    calibration,
  );
}

const figuresOf = (policy: PlanePolicy, boundary: number): PlaneFigures => ({
  mean: policy.mean,
  entropy: planeEntropy(policy),
  safe: planeSafety(policy, boundary),
});

/** The teacher of the model with one mode. */
const planeTeacher = ({ boundary, hardness, hard, calibration }: PlaneSettings): PlaneTeacher => ({
  boundary,
  calibration,
  sharpness: hard ? Infinity : hardness,
});

/** The student of a teacher with one mode, by closed formulas but for two scalars: a few milliseconds at most. */
export function planeStudentOf(
  settings: PlaneSettings,
): Pick<PlaneOutcome, 'student' | 'shift' | 'problem'> & { readonly policy: PlanePolicy | null } {
  const { boundary, divergence } = settings;
  const base = planeBase(settings);
  try {
    const policy = planeStudent(base, planeTeacher(settings), {
      divergence: divergence === 'forward-kl' ? 'forward-kl' : 'reverse-kl',
      frozenCovariance: divergence === 'frozen',
    });
    const shift = shiftBetween(base.mean, policy.mean);
    return { policy, student: figuresOf(policy, boundary), shift, problem: null };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { policy: null, student: null, shift: null, problem: error.message };
  }
}

/** Base, teacher and student of a teacher with one mode. */
export function planeOutcome(settings: PlaneSettings): PlaneOutcome {
  const base = planeBase(settings);
  const teacher = planeTeacher(settings);
  const correlation = correlationOf(settings);
  const { policy, ...found } = planeStudentOf(settings);
  // Forward KL matches moments: its student has the teacher's mean.
  const matched = planeStudent(base, teacher, { divergence: 'forward-kl', frozenCovariance: false });
  return {
    correlation,
    base: figuresOf(base, settings.boundary),
    teacherMean: matched.mean,
    ...found,
    clouds: {
      base: gaussianCloud(base),
      teacher: gridCloud(TEACHER_GRID, teacherMasses(correlation, teacher)),
      student: policy && gaussianCloud(policy),
    },
    modes: null,
  };
}
