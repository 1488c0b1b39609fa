import type { Cloud, PlaneOutcome, PlanePoint } from '../../state/geometry/plane.ts';
import type { PlaneSettings } from '../../state/geometry/plane-settings.ts';
import { signed } from '../../state/geometry/plane-words.ts';
import { fixed, percent } from '../../contract/format.ts';
import type { Axis } from '../figures/axis.ts';
import {
  boxOf,
  scalesOf,
  type Chart,
  type Layer,
  type Panel,
  type Place,
  type Scales,
} from '../figures/chart.ts';
import { polyline, rectangle, SMALL_TEXT, text, textWidth, upright, type Tone } from '../figures/drawing.ts';
import type { LegendEntry } from '../figures/legend.ts';
import { BASE_DASH, dashOf, lineThrough, toneOf } from '../figures/series.ts';
import { policyLayer, STUDENT, TEACHER } from './policy-layer.ts';

/** The part of the plane that is drawn, in deviations of the base. */
export const SAFETY: Axis = {
  low: -3.5,
  high: 4.5,
  ticks: [-3, -2, -1, 0, 1, 2, 3, 4],
  label: 'safety s, in σ of the base',
};
export const EXPRESSIVENESS: Axis = {
  low: -4,
  high: 4,
  ticks: [-4, -2, 0, 2, 4],
  label: 'expressiveness e, in σ',
};
/** Where along safety the handle of the leakage line sits. */
export const LINE_HANDLE = 3.8;

const panelOf = (width: number, layers: readonly Layer[]): Panel => ({
  x: SAFETY,
  y: EXPRESSIVENESS,
  height: Math.min(498, Math.max(348, width * 0.85 + 68)),
  inset: { left: 58, right: 12, top: 24, bottom: 44 },
  grid: true,
  layers,
});

/** Where the plane lies in a chart of that width. */
export function planeScales(width: number): Scales {
  const panel = panelOf(width, []);
  return scalesOf(panel, boxOf(panel, width));
}

const clamped = (value: number, { low, high }: Axis): number => Math.min(high, Math.max(low, value));
const within = ([s, e]: PlanePoint): Place => ({ x: clamped(s, SAFETY), y: clamped(e, EXPRESSIVENESS) });

/** Outlines of where the answers of a policy lie. */
const cloud = ({ most, core }: Cloud, tone: Tone, dash: string, fillOpacity: number): Layer => ({
  draw: ({ sx, sy }) =>
    [most, core].map(loops => ({
      kind: 'path',
      d: loops
        .map(loop =>
          polyline(
            loop.map(within).map(({ x, y }) => [sx(x), sy(y)] as const),
            true,
          ),
        )
        .join(''),
      fill: tone,
      fillOpacity,
      stroke: tone,
      width: 1.4,
      dash,
    })),
});

/** What is safe, and how softly that begins. */
const safeSide = ({ boundary, hard, modes, hardness }: PlaneSettings, width: number): Layer => ({
  draw({ sx, box }) {
    const right = box.left + box.width;
    const edge = sx(boundary);
    const soft = hard || modes === 2 ? 0 : Math.min(2 / hardness, 2);
    const [softLeft, softRight] = [sx(boundary - soft), Math.min(right, sx(boundary + soft))];
    const words = `safe beyond b = ${signed(boundary)}`;
    return [
      {
        kind: 'path',
        d: rectangle(edge, box.top, right - edge, box.height),
        fill: 'grid',
        fillOpacity: 0.45,
      },
      {
        kind: 'path',
        d: rectangle(softLeft, box.top, softRight - softLeft, box.height),
        fill: 'base',
        fillOpacity: 0.14,
      },
      { kind: 'path', d: upright(edge, box.top, box.top + box.height), stroke: 'ink', width: 2 },
      text(words, Math.min(edge, width - textWidth(words, SMALL_TEXT)), box.top - 8, { tone: 'ink' }),
    ];
  },
});

/** The plane: clouds of base, teacher and student, the boundary, the line that safety drags expressiveness along, and the shift. */
export function planeChart(settings: PlaneSettings, outcome: PlaneOutcome, width: number): Chart {
  const { base, student, shift, teacherMean, clouds, correlation } = outcome;
  const carried: Layer = {
    points: [SAFETY.low, SAFETY.high].map(s => within([s, correlation * s])),
    draw: (_, places) => [{ ...lineThrough(places, 'soft', 1.2), dash: '5 4' }],
  };
  const numbers: Layer = {
    draw: ({ box }) =>
      (shift
        ? [
            `Δ = (${signed(shift.safety)}, ${signed(shift.expressiveness)}) σ`,
            `κ = ${shift.leakage === null ? '–' : signed(shift.leakage)}`,
          ]
        : []
      ).map((words, i) =>
        text(words, box.left + 8, box.top + box.height - 24 + 15 * i, { tone: 'ink', rim: true, bold: true }),
      ),
  };
  const layers = [
    safeSide(settings, width),
    cloud(clouds.base, 'base', BASE_DASH, 0.1),
    cloud(clouds.teacher, toneOf(TEACHER), dashOf(TEACHER), 0.1),
  ];
  if (clouds.student) layers.push(cloud(clouds.student, toneOf(STUDENT), dashOf(STUDENT), 0.16));
  layers.push(
    carried,
    policyLayer({
      base: within(base.mean),
      student: student && { name: 'Student', ...within(student.mean) },
      teacher: within(teacherMean),
    }),
    numbers,
  );
  const legend: LegendEntry[] = [
    { name: 'base', group: null, mark: 'line' },
    { name: 'teacher', group: TEACHER, mark: 'line' },
  ];
  if (student) legend.push({ name: 'student', group: STUDENT, mark: 'line' });
  return { width, panels: [panelOf(width, layers)], legend, label: labelOf(settings, outcome) };
}

function labelOf(
  { boundary }: PlaneSettings,
  { base, student, shift, correlation, problem }: PlaneOutcome,
): string {
  const plane = `Plane of safety and expressiveness, correlation ${signed(correlation)}, boundary at ${signed(boundary)}.`;
  if (!student || !shift) return `${plane} No student: ${problem ?? ''}.`;
  return `${plane} The student moves by ${signed(shift.safety)} in safety and ${signed(shift.expressiveness)} in expressiveness; entropy from ${fixed(base.entropy, 2)} to ${fixed(student.entropy, 2)} nats, safe answers from ${percent(base.safe)} to ${percent(student.safe)}.`;
}
