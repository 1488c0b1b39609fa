import type { MeasuredAnswer, MeasuredPicture, MeasuredPlace } from '../../state/geometry/measured.ts';
import { leakageText } from '../../state/geometry/measured-tables.ts';
import { signed } from '../../state/geometry/plane-words.ts';
import { circle, polyline, text, type Drawing, type Shape, type Tone } from '../figures/drawing.ts';
import { frame, type Box } from '../figures/frame.ts';
import { legend } from '../figures/legend.ts';
import { niceDomain, type Domain, type Scale } from '../figures/scale.ts';
import { marker, toneOf } from '../figures/series.ts';
import { policyMarks, STUDENT, TEACHER } from './policy-marks.ts';

/** A range that takes in the base at 0, every policy, and every single answer that is known. */
function domainOf(
  { places, teacher }: MeasuredPicture,
  mean: 'push' | 'pull',
  single: 'safety' | 'expressiveness',
): Domain {
  const all = [...places, ...(teacher ? [teacher] : [])];
  const values = [
    0,
    ...all.map(({ leak }) => leak[mean]),
    ...all.flatMap(({ answers }) => (answers ?? []).map(answer => answer[single])),
  ];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.08 * (high - low || 1);
  return niceDomain(low - room, high + room);
}

/** Base, teacher and student by the hidden states of their answers: the way along the run, and the shift at one step, whose slope is Λ. */
export function measuredDrawing(picture: MeasuredPicture, shown: MeasuredPlace, width: number): Drawing {
  const { places, teacher, reading } = picture;
  const box: Box = {
    left: 58,
    top: 12,
    width: width - 74,
    height: Math.min(380, Math.max(260, width * 0.6)),
  };
  const x = domainOf(picture, 'push', 'safety');
  const y = domainOf(picture, 'pull', 'expressiveness');
  const unit = reading.scale === 'whitened' ? 'in σ within a class' : 'as projections';
  const { shapes, sx, sy } = frame({
    box,
    x,
    y,
    grid: true,
    xLabel: `shift along safety, a_sᵀΔ, ${unit}`,
    yLabel: 'along expressiveness, a_eᵀΔ',
  });
  const at = ({ leak }: MeasuredPlace): readonly [number, number] => [sx(leak.push), sy(leak.pull)];
  const base = places.find(({ step }) => step === 0);
  const forced = shown.leak.forced;
  const moved = shown !== base;
  const top = box.top + box.height + 44;
  const key = legend(
    [
      { name: 'base', group: null, mark: 'marker' },
      { name: 'student along the run', group: STUDENT, mark: 'line' },
      ...(teacher ? [{ name: 'teacher', group: null, mark: 'teacher' } as const] : []),
    ],
    width,
    top,
  );
  return {
    width,
    height: top + key.height,
    shapes: [
      ...shapes,
      ...(forced === null ? [] : slopeLine(forced, x, y, sx, sy)),
      ...dots(base?.answers, 'base', sx, sy),
      ...dots(teacher?.answers, toneOf(TEACHER), sx, sy),
      ...(moved ? dots(shown.answers, toneOf(STUDENT), sx, sy) : []),
      { kind: 'path', d: polyline(places.map(at)), stroke: toneOf(STUDENT), width: 1.6 },
      ...places.map(place => marker(STUDENT, ...at(place), 3.2, true)),
      ...policyMarks(
        {
          base: [sx(0), sy(0)],
          student: moved ? { name: `Student, step ${shown.step}`, at: at(shown) } : null,
          teacher: teacher && at(teacher),
        },
        box,
      ),
      ...key.shapes,
    ],
    label: `Student at step ${shown.step}: push along safety ${signed(shown.leak.push)}, along expressiveness ${signed(shown.leak.pull)}, leakage: ${leakageText(shown.leak)}; what the geometry forces: ${forced === null ? '–' : signed(forced)}`,
  };
}

/** The line of slope cos φ through the base, cut to the frame. */
function slopeLine(slope: number, x: Domain, y: Domain, sx: Scale, sy: Scale): readonly Shape[] {
  const within = (s: number): readonly [number, number] => {
    const e = Math.min(y.high, Math.max(y.low, slope * s));
    return slope === 0 ? [s, 0] : [e / slope, e];
  };
  const [from, to] = [within(x.low), within(x.high)];
  return [
    {
      kind: 'path',
      stroke: 'soft',
      width: 1.4,
      dash: '5 4',
      d: polyline([from, to].map(([s, e]) => [sx(s), sy(e)] as const)),
    },
    text(`slope cos φ = ${signed(slope)}`, sx(to[0]) - 8, sy(to[1]) + labelDrop(to[1], y, slope), {
      anchor: 'end',
      rim: true,
    }),
  ];
}

/** How far below a line's end its name stands: within the frame, and clear of the line, which falls or rises toward it. */
function labelDrop(end: number, { low, high }: Domain, slope: number): number {
  if (end === low) return -6;
  if (end === high) return 14;
  return slope < 0 ? 16 : -8;
}

/** Single answers: full dots to harmful queries, rings to benign ones. */
function dots(
  answers: readonly MeasuredAnswer[] | null | undefined,
  tone: Tone,
  sx: Scale,
  sy: Scale,
): readonly Shape[] {
  const path = (kind: MeasuredAnswer['kind']): string =>
    (answers ?? [])
      .filter(answer => answer.kind === kind)
      .map(({ safety, expressiveness }) => circle(sx(safety), sy(expressiveness), 2.2))
      .join('');
  return [
    { kind: 'path', d: path('harmful'), fill: tone, fillOpacity: 0.55 },
    { kind: 'path', d: path('benign'), stroke: tone, width: 1 },
  ];
}
