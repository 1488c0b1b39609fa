import type { ExpressivenessAxis } from '../../record/geometry-record.ts';

/** A line for each figure that says what its marks mean: below a figure's title in files. */
export const NOTES = {
  chart:
    'across: steps · dots: rollouts of a step · line: smoothed · diamonds: held-out evaluation, with 95 % interval · dotted: base · dashed: teacher',
  pareto:
    'Win rates against the base, means over seeds, students with 95 % intervals · area: diversity (1 − Self-BLEU) · hollow: teacher with constitution · dots: seeds',
  dynamics: 'Held-out queries · lines: mean over seeds · bands: lowest to highest seed · dotted: base',
  bars: 'Held-out queries, 95 % intervals · light: teacher, reading the constitution · full: student, without it · dotted: base',
  radar: 'Held-out queries at the end of training, means over seeds · outward is better · dotted: base',
  geometry:
    'Means over seeds, by the base’s axes · small hollow: before step 1 · large hollow: teacher with constitution · (0, 0): base · x = 1: all refused · y = −1: fully contracted',
} as const;

/** The axes that answers' expressiveness is read by, in words. */
export const EXPRESSIVENESS_AXES: readonly (readonly [axis: ExpressivenessAxis, words: string])[] = [
  ['withRefusals', 'full against short or refused'],
  ['plain', 'full against short'],
];
