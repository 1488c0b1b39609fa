import type { InspectionRecord } from './inspection.ts';

/** Three tokens, the second of which the teacher would say more readily; `scale` multiplies their divergences. */
export function fixtureInspection(changes: Partial<InspectionRecord> = {}, scale = 1): InspectionRecord {
  return {
    step: 0,
    prompt: 'how do i sort shells ?',
    kind: 'benign',
    answer: 'initial',
    pieces: [' sure', ' !', '</s>', ' sorry'],
    tokens: [0, 1, 2],
    divergence: [0.1 * scale, 0.5 * scale, 0.2 * scale],
    student: [-0.1, -1.5, -0.3],
    teacher: [-2, -0.5, -0.4],
    base: [-0.1, -1.4, -0.3],
    studentEntropy: [0.3, 1, 0.5],
    teacherEntropy: [1, 0.4, 0.6],
    topStudent: [
      [0, 0.9, 3, 0.05],
      [1, 0.22],
      [2, 0.74],
    ],
    topTeacher: [
      [3, 0.8, 0, 0.13],
      [1, 0.6],
      [2, 0.67],
    ],
    topBase: [
      [0, 0.9],
      [1, 0.25],
      [2, 0.74],
    ],
    raised: [[3, -0.4], [1, -0.2], []],
    lowered: [[0, 0.6], [3, 0.1], []],
    ...changes,
  };
}
