import { DIRECTIONS, PREDICTIONS } from '../../state/lesson/predictions.ts';
import { useLesson, useLessonActions } from './lesson-context.ts';

/** What the learner expects. Fixed once a run has answered, so that it stays what was said before. */
export function PredictionsForm() {
  const { predict } = useLessonActions();
  const predictions = useLesson(state => state.kept.predictions);
  const answered = useLesson(
    ({ kept }) => kept.findings.train !== null && Object.values(kept.predictions).every(Boolean),
  );
  return (
    <div className="lesson-predictions">
      {PREDICTIONS.map(({ figure, label, words }) => (
        <fieldset key={figure} disabled={answered}>
          <legend>{label}</legend>
          {DIRECTIONS.map(direction => (
            <label key={direction}>
              <input
                type="radio"
                name={`lesson-${figure}`}
                checked={predictions[figure] === direction}
                onChange={() => predict(figure, direction)}
              />
              {words[direction]}
            </label>
          ))}
        </fieldset>
      ))}
      {answered && <p className="lesson-faint">Kept as they were before training.</p>}
    </div>
  );
}
