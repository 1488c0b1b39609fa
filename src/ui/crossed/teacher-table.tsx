import { queriesInWords } from '../../record/evaluation-record.ts';
import type { CalibrationRecord, EvaluationRecord } from '../../record/run-record.ts';
import { teacherFigures, type TeacherFigure } from '../../state/crossed/crossed-view.ts';
import { fixed, percent } from '../../contract/format.ts';

const text = (value: number | null, { share }: TeacherFigure): string =>
  value === null ? '–' : share ? percent(value) : fixed(value, 1);

interface TeacherTableProps {
  readonly calibration: CalibrationRecord;
  /** The base without constitution: what the teacher should stay like on harmless queries. */
  readonly base: EvaluationRecord | null;
}

/** The teacher with the constitution, before and after Cross-SFT. */
export function TeacherTable({ calibration, base }: TeacherTableProps) {
  const evaluated = calibration.after ?? calibration.before;
  if (!evaluated) return <p className="crossed-note">The teacher was not evaluated before and after.</p>;
  return (
    <div className="crossed-card">
      <table className="crossed-table">
        <caption>
          The teacher, reading the constitution
          <small>held-out queries: {queriesInWords(evaluated)}</small>
        </caption>
        <thead>
          <tr>
            <th scope="col">figure</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
            <th scope="col" className="crossed-base">
              base alone
            </th>
          </tr>
        </thead>
        <tbody>
          {teacherFigures(calibration, base).map(figure => (
            <tr key={figure.label}>
              <th scope="row">{figure.label}</th>
              <td>{text(figure.before, figure)}</td>
              <td className="crossed-after">{text(figure.after, figure)}</td>
              <td className="crossed-base">{text(figure.base, figure)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
