import type { SampleRecord } from '../record/run-record.ts';
import { QUERY_KINDS } from '../contract/world.ts';
import type { Answered } from './evaluation.ts';

/** Held-out queries of each kind shown as samples. */
const PER_KIND = 3;

/** The first queries of each kind with the answers of base, student and teacher side by side. */
export function pickSamples(
  step: number,
  { base, student, teacher }: Record<'base' | 'student' | 'teacher', readonly Answered[]>,
): SampleRecord[] {
  return QUERY_KINDS.flatMap(kind => {
    const rows = base.flatMap(({ task }, row) => (task.kind === kind ? [row] : [])).slice(0, PER_KIND);
    return rows.map(row => {
      const { query: prompt, category } = base[row]!.task;
      const answers = {
        base: base[row]!.judged,
        student: student[row]!.judged,
        teacher: teacher[row]!.judged,
      };
      return { step, prompt, kind, category, ...answers };
    });
  });
}
