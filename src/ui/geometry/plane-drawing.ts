import type { Cloud, PlaneOutcome, PlanePoint } from '../../state/geometry/plane.ts';
import type { PlaneSettings } from '../../state/geometry/plane-settings.ts';
import { signed } from '../../state/geometry/plane-words.ts';
import { fixed, percent } from '../../contract/format.ts';
import {
  polyline,
  px,
  rectangle,
  SMALL_TEXT,
  text,
  textWidth,
  type Drawing,
  type Shape,
  type Tone,
} from '../figures/drawing.ts';
import { frame } from '../figures/frame.ts';
import { legend } from '../figures/legend.ts';
import { BASE_DASH, dashOf, toneOf } from '../figures/series.ts';
import { EXPRESSIVENESS, planeScales, SAFETY } from './plane-scales.ts';
import { policyMarks, STUDENT, TEACHER } from './policy-marks.ts';

const clamped = (value: number, { low, high }: { readonly low: number; readonly high: number }): number =>
  Math.min(high, Math.max(low, value));

/** The plane: clouds of base, teacher and student, the boundary, the line that safety drags expressiveness along, and the shift. */
export function planeDrawing(settings: PlaneSettings, outcome: PlaneOutcome, width: number): Drawing {
  const { base, student, shift, teacherMean, clouds, correlation } = outcome;
  const { box, sx, sy } = planeScales(width);
  const right = box.left + box.width;
  const at = ([s, e]: PlanePoint): readonly [number, number] => [
    sx(clamped(s, SAFETY)),
    sy(clamped(e, EXPRESSIVENESS)),
  ];
  const { shapes } = frame({
    box,
    x: SAFETY,
    y: EXPRESSIVENESS,
    grid: true,
    xLabel: 'safety s, in σ of the base',
    yLabel: 'expressiveness e, in σ',
  });
  const loops = (of: Cloud['core']): string => of.map(loop => polyline(loop.map(at), true)).join('');
  const cloud = (of: Cloud, tone: Tone, dash: string, fill: number): readonly Shape[] => [
    { kind: 'path', d: loops(of.most), fill: tone, fillOpacity: fill, stroke: tone, width: 1.4, dash },
    { kind: 'path', d: loops(of.core), fill: tone, fillOpacity: fill, stroke: tone, width: 1.4, dash },
  ];
  const edge = sx(settings.boundary);
  const soft = settings.hard || settings.modes === 2 ? 0 : Math.min(2 / settings.hardness, 2);
  const [softLeft, softRight] = [sx(settings.boundary - soft), Math.min(right, sx(settings.boundary + soft))];
  const safe = `safe beyond b = ${signed(settings.boundary)}`;
  const boundary: Shape[] = [
    { kind: 'path', d: rectangle(edge, box.top, right - edge, box.height), fill: 'grid', fillOpacity: 0.45 },
    {
      kind: 'path',
      fill: 'base',
      fillOpacity: 0.14,
      d: rectangle(softLeft, box.top, softRight - softLeft, box.height),
    },
    { kind: 'path', d: `M${px(edge)} ${px(box.top)}v${px(box.height)}`, stroke: 'ink', width: 2 },
    text(safe, Math.min(edge, width - textWidth(safe, SMALL_TEXT)), box.top - 8, { tone: 'ink' }),
  ];
  const line: Shape = {
    kind: 'path',
    stroke: 'soft',
    width: 1.2,
    dash: '5 4',
    d: polyline([at([SAFETY.low, correlation * SAFETY.low]), at([SAFETY.high, correlation * SAFETY.high])]),
  };
  const numbers = shift
    ? [
        `Δ = (${signed(shift.safety)}, ${signed(shift.expressiveness)}) σ`,
        `κ = ${shift.leakage === null ? '–' : signed(shift.leakage)}`,
      ]
    : [];
  const top = box.top + box.height + 44;
  const key = legend(
    [
      { name: 'base', group: null, mark: 'line' },
      { name: 'teacher', group: TEACHER, mark: 'line' },
      ...(student ? [{ name: 'student', group: STUDENT, mark: 'line' } as const] : []),
    ],
    width,
    top,
  );
  return {
    width,
    height: top + key.height,
    shapes: [
      ...shapes,
      ...boundary,
      ...cloud(clouds.base, 'base', BASE_DASH, 0.1),
      ...cloud(clouds.teacher, toneOf(TEACHER), dashOf(TEACHER), 0.1),
      ...(clouds.student ? cloud(clouds.student, toneOf(STUDENT), dashOf(STUDENT), 0.16) : []),
      line,
      ...policyMarks(
        {
          base: at(base.mean),
          student: student && { name: 'Student', at: at(student.mean) },
          teacher: at(teacherMean),
        },
        box,
      ),
      ...numbers.map((words, i) =>
        text(words, box.left + 8, box.top + box.height - 24 + 15 * i, { tone: 'ink', rim: true, bold: true }),
      ),
      ...key.shapes,
    ],
    label: labelOf(settings, outcome),
  };
}

function labelOf(
  { boundary }: PlaneSettings,
  { base, student, shift, correlation, problem }: PlaneOutcome,
): string {
  const plane = `Plane of safety and expressiveness, correlation ${signed(correlation)}, boundary at ${signed(boundary)}.`;
  if (!student || !shift) return `${plane} No student: ${problem ?? ''}.`;
  return `${plane} The student moves by ${signed(shift.safety)} in safety and ${signed(shift.expressiveness)} in expressiveness; entropy from ${fixed(base.entropy, 2)} to ${fixed(student.entropy, 2)} nats, safe answers from ${percent(base.safe)} to ${percent(student.safe)}.`;
}
