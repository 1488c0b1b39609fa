import type { Layer, Place } from '../figures/chart.ts';
import { arrow, type Point } from '../figures/drawing.ts';
import { placeLabels, type LabelRequest } from '../figures/place-labels.ts';
import { baseCross, marker } from '../figures/series.ts';

/** Places among the series: their colours and markers. */
export const [STUDENT, TEACHER] = [0, 1] as const;

interface Policies {
  readonly base: Place;
  /** null where there is none, or where it is still the base. */
  readonly student: (Place & { readonly name: string }) | null;
  readonly teacher: Place | null;
}

/** Where base, student and teacher are, the student's shift since the base, and their names. */
export const policyLayer = ({ base, student, teacher }: Policies): Layer => ({
  draw({ sx, sy, box }) {
    const at = ({ x, y }: Place): Point => [sx(x), sy(y)];
    const label = (text: string, place: Place, radius: number, bold = false): LabelRequest => ({
      text,
      x: sx(place.x),
      y: sy(place.y),
      radius,
      bold,
    });
    const labels = [label('Base', base, 8)];
    if (student) labels.push(label(student.name, student, 9, true));
    if (teacher) labels.push(label('Teacher', teacher, 8));
    return [
      baseCross(...at(base)),
      ...(student ? arrow(at(base), at(student), 'ink') : []),
      ...(teacher ? [marker(TEACHER, ...at(teacher), 6, true)] : []),
      ...(student ? [marker(STUDENT, ...at(student), 6)] : []),
      ...placeLabels(labels, box),
    ];
  },
});
