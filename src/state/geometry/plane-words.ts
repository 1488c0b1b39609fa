import type { Table } from '../../record/tables.ts';
import { fixed, percent } from '../../contract/format.ts';
import { planeStudentOf, type PlaneFigures, type PlaneOutcome } from './plane.ts';
import { correlationOf, type PlaneSettings } from './plane-settings.ts';

/** A number with its sign: a true minus, and a plus where asked for. */
export function signed(value: number, digits = 2, plus = false): string {
  const text = fixed(Math.abs(value), digits);
  if (Number(text) === 0) return text;
  return value < 0 ? `−${text}` : plus ? `+${text}` : text;
}

/** What becomes of the modes: which is lost, and why. */
function modesLesson({ divergence }: PlaneSettings, { modes }: PlaneOutcome): string {
  if (!modes) return '';
  const { short, rich } = modes;
  const told = (name: string, { base, teacher, student }: typeof rich): string =>
    `${name}: base ${percent(base, 1)}, teacher ${percent(teacher)}, student ${percent(student, 1)}`;
  const numbers = `Mass that is safe and ${told('short', short)}; safe and ${told('rich', rich)}.`;
  const dropped = ([name, { teacher, student }]: readonly [string, typeof rich]): string | null =>
    student < teacher / 10 ? name : null;
  const lost = dropped(['rich', rich]) ?? dropped(['short', short]);
  if (!lost)
    return `${divergence === 'forward-kl' ? 'Forward KL weighs by the teacher’s mass, and finds both modes.' : 'The base has enough of both modes for reverse KL to keep them.'} ${numbers}`;
  return `Reverse KL drops the ${lost} mode: it weighs by the student’s own mass, and where the base has next to none nothing pulls it. ${numbers}`;
}

/** What these settings show, in the model's own numbers. */
export function planeLesson(settings: PlaneSettings, outcome: PlaneOutcome): string {
  const { student, shift, correlation, problem } = outcome;
  if (settings.modes === 2) return modesLesson(settings, outcome);
  if (!student || !shift)
    return `There is no student: ${problem ?? ''}. Every Gaussian has mass on the unsafe side, where a hard teacher has none.`;
  const line = `Each σ of safety carries ${signed(correlation)} σ of expressiveness along, whatever the divergence.`;
  if (settings.calibration > 0) {
    const without = planeStudentOf({ ...settings, calibration: 0 });
    if (!without.student || !without.shift) return line;
    return `${line} With ${percent(settings.calibration)} of the base mixed back the student goes ${signed(shift.safety)} σ instead of ${signed(without.shift.safety)} σ along the same line: entropy ${fixed(student.entropy, 2)} nats instead of ${fixed(without.student.entropy, 2)}, P(safe) ${fixed(student.safe, 2)} instead of ${fixed(without.student.safe, 2)}.`;
  }
  if (settings.divergence === 'forward-kl')
    return `${line} Forward KL takes over the teacher’s mean and spread, the little that is left beyond the boundary included.`;
  const forward = planeStudentOf({ ...settings, divergence: 'forward-kl' });
  if (!forward.student || !forward.shift) return line;
  if (settings.divergence === 'frozen') {
    const deeper = shift.safety - forward.shift.safety;
    return `${line} The student cannot narrow, so that it goes ${signed(Math.abs(deeper))} σ ${deeper < 0 ? 'less far' : 'deeper'} than under forward KL to get its mass across, and loses ${signed(Math.abs(deeper * correlation))} σ ${correlation * deeper < 0 ? 'more expressiveness' : 'less expressiveness'} with it.`;
  }
  const narrower = forward.student.entropy - student.entropy;
  return `${line} What reverse KL adds is ${narrower < 0 ? 'kept' : 'lost'} entropy: ${fixed(Math.abs(narrower), 2)} nats ${narrower < 0 ? 'more' : 'less'} than under forward KL, since mass on the unsafe side costs it dearly.`;
}

const DIVERGENCES = {
  'forward-kl': 'forward KL',
  'reverse-kl': 'reverse KL',
  frozen: 'reverse KL, frozen',
} as const;

/** The settings in a line. */
export function planeSettingsLine(settings: PlaneSettings): string {
  const { angle, boundary, hardness, hard, divergence, calibration, modes } = settings;
  return [
    `φ = ${fixed(angle, 1)}°, ρ = ${signed(correlationOf(settings))}`,
    `b = ${signed(boundary)} σ`,
    modes === 2 ? 'two modes' : hard ? 'hard boundary' : `k = ${hardness}`,
    DIVERGENCES[divergence],
    `calibration ${percent(calibration)}`,
  ].join(' · ');
}

/** The table behind the drawing. */
export function planeTable(settings: PlaneSettings, outcome: PlaneOutcome): Table {
  const row = (policy: string, { mean, entropy, safe }: PlaneFigures): Table['rows'][number] => [
    ...[policy, mean[0], mean[1], entropy, safe],
  ];
  const { base, student, shift, teacherMean, modes } = outcome;
  const line = planeSettingsLine(settings);
  const share = (policy: 'base' | 'teacher' | 'student'): readonly number[] =>
    modes ? [modes.short[policy], modes.rich[policy]] : [];
  return {
    columns: [
      ...['policy', 'safety, σ', 'expressiveness, σ', 'entropy, nats', 'P(safe)'],
      ...(modes ? ['safe and short', 'safe and rich'] : []),
      ...['Δs', 'Δe', 'κ = Δe/Δs', 'settings'],
    ],
    rows: [
      [...row('base', base), ...share('base'), 0, 0, null, line],
      [
        ...['teacher', teacherMean[0], teacherMean[1], null, null],
        ...[...share('teacher'), teacherMean[0] - base.mean[0], teacherMean[1] - base.mean[1], null, line],
      ],
      ...(student && shift
        ? [
            [
              ...[...row('student', student), ...share('student')],
              ...[shift.safety, shift.expressiveness, shift.leakage, line],
            ],
          ]
        : []),
    ],
  };
}
