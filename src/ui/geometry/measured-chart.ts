import type { MeasuredAnswer, MeasuredPicture, MeasuredPlace } from '../../state/geometry/measured.ts';
import { leakageText } from '../../state/geometry/measured-tables.ts';
import { signed } from '../../state/geometry/plane-words.ts';
import { niceAxis, type Axis } from '../figures/axis.ts';
import { PLANE_INSET, type Chart, type Layer, type Place } from '../figures/chart.ts';
import { circle, text, type Tone } from '../figures/drawing.ts';
import type { LegendEntry } from '../figures/legend.ts';
import { lineThrough, marker, toneOf } from '../figures/series.ts';
import { policyLayer, STUDENT, TEACHER } from './policy-layer.ts';

/** A range that takes in the base at 0, every policy, and every single answer that is known. */
function axisOf(
  { places, teacher }: MeasuredPicture,
  mean: 'push' | 'pull',
  single: 'safety' | 'expressiveness',
  label: string,
): Axis {
  const all = [...places, ...(teacher ? [teacher] : [])];
  const values = [
    0,
    ...all.map(({ leak }) => leak[mean]),
    ...all.flatMap(({ answers }) => (answers ?? []).map(answer => answer[single])),
  ];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.08 * (high - low || 1);
  return { ...niceAxis(low - room, high + room), label };
}

const placeOf = ({ leak }: MeasuredPlace): Place => ({ x: leak.push, y: leak.pull });

/** Base, teacher and student by the hidden states of their answers: the way along the run, and the shift at one step, whose slope is Λ. */
export function measuredChart(picture: MeasuredPicture, shown: MeasuredPlace, width: number): Chart {
  const { places, teacher, reading } = picture;
  const unit = reading.scale === 'whitened' ? 'in σ within a class' : 'as projections';
  const x = axisOf(picture, 'push', 'safety', `shift along safety, a_sᵀΔ, ${unit}`);
  const y = axisOf(picture, 'pull', 'expressiveness', 'along expressiveness, a_eᵀΔ');
  const base = places.find(({ step }) => step === 0);
  const forced = shown.leak.forced;
  const moved = shown !== base;
  const way: Layer = {
    points: places.map(placeOf),
    draw: (_, at) => [
      lineThrough(at, toneOf(STUDENT), 1.6),
      ...at.map(place => marker(STUDENT, place.x, place.y, 3.2, true)),
    ],
  };
  const layers: Layer[] = [];
  if (forced !== null) layers.push(slopeLine(forced, x, y));
  layers.push(...dots(base?.answers, 'base'), ...dots(teacher?.answers, toneOf(TEACHER)));
  if (moved) layers.push(...dots(shown.answers, toneOf(STUDENT)));
  const student = moved ? { name: `Student, step ${shown.step}`, ...placeOf(shown) } : null;
  layers.push(way, policyLayer({ base: { x: 0, y: 0 }, student, teacher: teacher && placeOf(teacher) }));
  const legend: LegendEntry[] = [
    { name: 'base', group: null, mark: 'marker' },
    { name: 'student along the run', group: STUDENT, mark: 'line' },
  ];
  if (teacher) legend.push({ name: 'teacher', group: null, mark: 'teacher' });
  return {
    width,
    panels: [
      {
        x,
        y,
        height: Math.min(436, Math.max(316, width * 0.6 + 56)),
        inset: { ...PLANE_INSET, top: 12, bottom: 44 },
        grid: true,
        layers,
      },
    ],
    legend,
    label: `Student at step ${shown.step}: push along safety ${signed(shown.leak.push)}, along expressiveness ${signed(shown.leak.pull)}, leakage: ${leakageText(shown.leak)}; what the geometry forces: ${forced === null ? '–' : signed(forced)}`,
  };
}

/** The line of slope cos φ through the base, cut to the frame. */
function slopeLine(slope: number, x: Axis, y: Axis): Layer {
  const within = (s: number): Place => {
    const e = Math.min(y.high, Math.max(y.low, slope * s));
    return slope === 0 ? { x: s, y: 0 } : { x: e / slope, y: e };
  };
  const ends = [within(x.low), within(x.high)];
  const drop = labelDrop(ends[1]!.y, y, slope);
  return {
    points: ends,
    draw: (_, places) => [
      { ...lineThrough(places, 'soft', 1.4), dash: '5 4' },
      text(`slope cos φ = ${signed(slope)}`, places[1]!.x - 8, places[1]!.y + drop, {
        anchor: 'end',
        rim: true,
      }),
    ],
  };
}

/** How far below a line's end its name stands: within the frame, and clear of the line, which falls or rises toward it. */
function labelDrop(end: number, { low, high }: Axis, slope: number): number {
  if (end === low) return -6;
  if (end === high) return 14;
  return slope < 0 ? 16 : -8;
}

/** Single answers: full dots to harmful queries, rings to benign ones. */
function dots(answers: readonly MeasuredAnswer[] | null | undefined, tone: Tone): readonly Layer[] {
  return (['harmful', 'benign'] as const).map(kind => ({
    points: (answers ?? [])
      .filter(answer => answer.kind === kind)
      .map(({ safety, expressiveness }) => ({ x: safety, y: expressiveness })),
    draw(_, places) {
      const d = places.map(({ x, y }) => circle(x, y, 2.2)).join('');
      return [
        kind === 'harmful'
          ? { kind: 'path', d, fill: tone, fillOpacity: 0.55 }
          : { kind: 'path', d, stroke: tone, width: 1 },
      ];
    },
  }));
}
