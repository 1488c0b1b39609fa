import { arrow } from '../figures/arrow.ts';
import type { Shape } from '../figures/drawing.ts';
import type { Box } from '../figures/frame.ts';
import { placeLabels } from '../figures/place-labels.ts';
import { baseCross, marker } from '../figures/series.ts';

/** Places among the series: their colours and markers. */
export const [STUDENT, TEACHER] = [0, 1] as const;

type Point = readonly [x: number, y: number];

interface Policies {
  readonly base: Point;
  /** null where there is none, or where it is still the base. */
  readonly student: { readonly name: string; readonly at: Point } | null;
  readonly teacher: Point | null;
}

/** Where base, student and teacher are, the student's shift since the base, and their names, in pixels of the drawing. */
export function policyMarks({ base, student, teacher }: Policies, box: Box): readonly Shape[] {
  return [
    baseCross(...base),
    ...(student ? arrow(base, student.at, 'ink') : []),
    ...(teacher ? [marker(TEACHER, ...teacher, 6, true)] : []),
    ...(student ? [marker(STUDENT, ...student.at, 6)] : []),
    ...placeLabels(
      [
        { text: 'Base', x: base[0], y: base[1], radius: 8 },
        ...(student
          ? [{ text: student.name, x: student.at[0], y: student.at[1], radius: 9, bold: true }]
          : []),
        ...(teacher ? [{ text: 'Teacher', x: teacher[0], y: teacher[1], radius: 8 }] : []),
      ],
      box,
    ),
  ];
}
