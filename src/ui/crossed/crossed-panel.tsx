import { canDrop } from '../../state/run/run-store.ts';
import { useRunFrame } from '../shared/use-run-frame.ts';
import { CrossedHead } from './crossed-head.tsx';
import { KeptTeachers } from './kept-teachers.tsx';
import './crossed.css';
import { LossLine } from './loss-line.tsx';
import { SetCounts } from './set-counts.tsx';
import { SetList } from './set-list.tsx';
import { TeacherTable } from './teacher-table.tsx';

/** Stage 1 of the shown run: its crossed set, the fine-tuning, and what it made of the teacher. */
export function CrossedPanel() {
  const { run, data } = useRunFrame(true);
  if (!run?.config.calibration) return null;
  const { crossed, calibration, base } = data;
  return (
    <div className="crossed">
      <CrossedHead run={run} data={data} />
      <div className="crossed-cards">
        {calibration ? (
          <>
            <TeacherTable calibration={calibration} base={base} />
            <div className="crossed-column">
              <LossLine steps={crossed.steps} />
              <SetCounts set={crossed} />
            </div>
          </>
        ) : (
          <>
            {crossed.rows.length > 0 && <SetCounts set={crossed} />}
            <LossLine steps={crossed.steps} />
          </>
        )}
      </div>
      {run.origin === 'live' && <KeptTeachers own={calibration?.artefact ?? null} />}
      {calibration?.omittedRows ? (
        <p className="crossed-note">
          This file keeps {crossed.rows.length} of the {crossed.rows.length + calibration.omittedRows} pairs.
        </p>
      ) : null}
      {crossed.rows.length > 0 && (
        <SetList key={run.id} runId={run.id} set={crossed} editable={canDrop(run, data)} />
      )}
    </div>
  );
}
