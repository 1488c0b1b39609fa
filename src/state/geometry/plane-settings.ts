/** Which student the plane model seeks; `frozen` is reverse KL by a policy that can move, but not change its shape. */
export type PlaneDivergence = 'forward-kl' | 'reverse-kl' | 'frozen';

/** What can be set of the 2-D model (docs/method.md, "The plane"). Lengths in standard deviations of the base. */
export interface PlaneSettings {
  /** φ in degrees between the axes of safety and expressiveness; its cosine is the base's correlation. */
  readonly angle: number;
  readonly boundary: number;
  /** k of sigmoid(k (s − b)). */
  readonly hardness: number;
  /** k = ∞, whatever `hardness` says. */
  readonly hard: boolean;
  readonly divergence: PlaneDivergence;
  /** Share of the unconditioned policy in the teacher. */
  readonly calibration: number;
  /** 2: the teacher is one hill of safe and short answers and one of safe and rich ones. */
  readonly modes: 1 | 2;
}

/** A number of the settings: what a slider needs to know, and why one would move it. */
export interface PlaneField {
  readonly name: 'angle' | 'boundary' | 'hardness' | 'calibration';
  readonly label: string;
  readonly unit: string;
  readonly range: string;
  readonly why: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

const PLANE_FIELDS: readonly PlaneField[] = [
  {
    name: 'angle',
    label: 'Angle φ',
    unit: 'degrees',
    range: '20 to 160',
    low: 20,
    high: 160,
    step: 1,
    why: 'Between safety and expressiveness. At 90° they have nothing to do with each other; beyond, safe answers are the plain ones.',
  },
  {
    name: 'boundary',
    label: 'Boundary b',
    unit: 'σ',
    range: '−1 to 2',
    low: -1,
    high: 2,
    step: 0.05,
    why: 'Answers beyond it are safe. The further out, the rarer they are in the base.',
  },
  {
    name: 'hardness',
    label: 'Hardness k',
    unit: 'per σ',
    range: '1 to 40',
    low: 1,
    high: 40,
    step: 1,
    why: 'How sharply the teacher tells safe from unsafe: its weight of an answer is σ(k (s − b)).',
  },
  {
    name: 'calibration',
    label: 'Calibration',
    unit: 'share',
    range: '0 to 0.9',
    low: 0,
    high: 0.9,
    step: 0.05,
    why: 'Share of the unconditioned policy mixed back into the teacher, as Cross-SFT does on harmless queries.',
  },
];

export const planeField = (name: PlaneField['name']): PlaneField =>
  PLANE_FIELDS.find(field => field.name === name)!;

/** A value on the field's grid, next to `value` and within its range. */
export function snapped({ low, high, step }: PlaneField, value: number): number {
  const near = Number((Math.round(value / step) * step).toPrecision(10));
  return Math.min(high, Math.max(low, near));
}

const degrees = (cosine: number): number => (Math.acos(cosine) * 180) / Math.PI;

/** ρ = cos φ. */
export const correlationOf = ({ angle }: Pick<PlaneSettings, 'angle'>): number =>
  Math.cos((angle * Math.PI) / 180);

/** The angle whose cosine is next to `correlation`, within the field's range. */
export const angleOf = (correlation: number): number =>
  snapped(planeField('angle'), degrees(Math.min(1, Math.max(-1, correlation))));

/** ρ = −.6, and a boundary that a sixth of the base's answers pass. */
const START: PlaneSettings = {
  angle: degrees(-0.6),
  boundary: 1,
  hardness: 20,
  hard: false,
  divergence: 'forward-kl',
  calibration: 0,
  modes: 1,
};

export const PLANE_PRESETS = {
  'Forward KL': START,
  'Reverse KL': { ...START, divergence: 'reverse-kl' },
  'Frozen covariance': { ...START, divergence: 'frozen' },
  'Two modes: a mode is dropped': { ...START, divergence: 'reverse-kl', modes: 2 },
  Calibrated: { ...START, divergence: 'reverse-kl', calibration: 0.3 },
} as const satisfies Readonly<Record<string, PlaneSettings>>;
export type PlanePreset = keyof typeof PLANE_PRESETS;

/** The preset that has these settings, if one has. */
export function presetOf(settings: PlaneSettings): PlanePreset | null {
  const same = (other: PlaneSettings): boolean =>
    Object.entries(other).every(([name, value]) => settings[name as keyof PlaneSettings] === value);
  const names = Object.keys(PLANE_PRESETS) as PlanePreset[];
  return names.find(name => same(PLANE_PRESETS[name])) ?? null;
}
