import {
  calibrated,
  gridEntropy,
  gridMean,
  gridPolicy,
  planeGrid,
  trainGridPolicy,
  type GridMode,
} from '../../metrics/geometry/plane-grid.ts';
import { gridCloud, shiftBetween, type ModeShares, type PlaneFigures, type PlaneOutcome } from './plane.ts';
import { correlationOf, type PlaneSettings } from './plane-settings.ts';

const GRID = planeGrid(31, 3.6);
const CELL = GRID.safety[1]! - GRID.safety[0]!;
/** Where the teacher's hills lie: so far beyond the boundary, and at these heights. */
const [BEYOND, SHORT, RICH] = [0.7, -1, 1.4] as const;
const HILL = 0.12;
const MIDDLE = (SHORT + RICH) / 2;

/** Steps of gradient descent; by then reverse KL has settled in what the base can reach. */
export const MODE_STEPS = 300;
/** A cell's gradient follows its mass: with this many cells the pace is that of a step of 0.005 a cell. */
const LEARNING_RATE = 0.0048 * GRID.safety.length ** 2;

/** A softmax policy over the cells of the plane, trained from the base toward a teacher with two modes. */
export interface ModesTraining {
  readonly base: Float64Array;
  readonly teacher: Float64Array;
  readonly student: Float64Array;
  readonly step: number;
}

export function beginModes(settings: PlaneSettings): ModesTraining {
  const { boundary, calibration } = settings;
  const hill = (mean: GridMode['mean'], weight: number): GridMode => ({
    mean,
    variance: [HILL, HILL],
    covariance: 0,
    weight,
  });
  const base = gridPolicy(GRID, [
    { mean: [0, 0], variance: [1, 1], covariance: correlationOf(settings), weight: 1 },
  ]);
  const hills = [hill([boundary + BEYOND, SHORT], 0.5), hill([boundary + BEYOND, RICH], 0.5)];
  const teacher = calibrated(gridPolicy(GRID, hills), base, calibration);
  return { base, teacher, student: base, step: 0 };
}

/** Trains further; a softmax policy is its masses, so training in parts equals training in one go. */
export function trainModes(
  { base, teacher, student, step }: ModesTraining,
  { divergence }: PlaneSettings,
  steps: number,
): ModesTraining {
  const more = Math.min(steps, MODE_STEPS - step);
  const trained = trainGridPolicy(student, teacher, {
    divergence: divergence === 'forward-kl' ? 'forward-kl' : 'reverse-kl',
    steps: more,
    learningRate: LEARNING_RATE,
  });
  return { base, teacher, student: trained, step: step + more };
}

/** Mass beyond the boundary, at all heights or in one half; cells that the boundary crosses count in part. */
function beyond(masses: Float64Array, boundary: number, half: 'all' | 'short' | 'rich' = 'all'): number {
  const columns = GRID.safety.length;
  return masses.reduce((sum, mass, at) => {
    const [s, e] = [GRID.safety[at % columns]!, GRID.expressiveness[Math.floor(at / columns)]!];
    if (half !== 'all' && e > MIDDLE !== (half === 'rich')) return sum;
    return sum + mass * Math.min(1, Math.max(0, (s - boundary) / CELL + 0.5));
  }, 0);
}

const figuresOf = (masses: Float64Array, boundary: number): PlaneFigures => ({
  mean: gridMean(GRID, masses),
  // Discrete entropy plus the logarithm of a cell's area is the differential one.
  entropy: gridEntropy(masses) + 2 * Math.log(CELL),
  safe: beyond(masses, boundary),
});

/** The result of training so far. */
export function modesOutcome(
  settings: PlaneSettings,
  { base, teacher, student }: ModesTraining,
): PlaneOutcome {
  const { boundary } = settings;
  const [before, now] = [figuresOf(base, boundary), figuresOf(student, boundary)];
  const shares = (half: 'short' | 'rich'): ModeShares['short'] => ({
    base: beyond(base, boundary, half),
    teacher: beyond(teacher, boundary, half),
    student: beyond(student, boundary, half),
  });
  return {
    correlation: correlationOf(settings),
    base: before,
    teacherMean: gridMean(GRID, teacher),
    student: now,
    shift: shiftBetween(before.mean, now.mean),
    clouds: {
      base: gridCloud(GRID, base),
      teacher: gridCloud(GRID, teacher),
      student: gridCloud(GRID, student),
    },
    modes: { short: shares('short'), rich: shares('rich') },
    problem: null,
  };
}
