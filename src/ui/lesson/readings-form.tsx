import { useId, useState } from 'react';
import { fixed } from '../../contract/format.ts';
import { figureText, READINGS, readingGap, type ReadingSpec } from '../../state/lesson/predictions.ts';
import { useLesson, useLessonActions } from './lesson-context.ts';

/** The number that a text says, with a point or a comma; null where it says none that the figure can have. */
function readNumber(text: string, { most }: ReadingSpec): number | null {
  const number = text.trim() === '' ? NaN : Number(text.replace(',', '.'));
  return number >= 0 && number <= most ? number : null;
}

function Reading({ spec }: { readonly spec: ReadingSpec }) {
  const { read } = useLessonActions();
  const { readings, baseline } = useLesson(state => state.kept);
  const value = readings[spec.figure];
  const [text, setText] = useState(value === null ? '' : String(value));
  const about = useId();
  const valid = text.trim() === '' || readNumber(text, spec) !== null;
  const gap = baseline && readingGap(spec, readings, baseline.figures);
  return (
    <div className="lesson-reading">
      <label>
        <span>
          {spec.label}, in {spec.unit}
        </span>
        <input
          className="input"
          inputMode="decimal"
          value={text}
          aria-invalid={!valid}
          aria-describedby={about}
          onChange={event => {
            const typed = event.target.value;
            setText(typed);
            read(spec.figure, readNumber(typed, spec));
          }}
        />
      </label>
      <p id={about} className="lesson-faint">
        {!valid && `A number from 0 to ${spec.most.toLocaleString('en-GB')}.`}
        {valid &&
          baseline &&
          gap !== null &&
          `The run says ${figureText(spec.figure, baseline.figures[spec.figure])}: you are ${fixed(gap, 1)} ${spec.unit === '%' ? 'points' : spec.unit} off.`}
      </p>
    </div>
  );
}

/** Two figures that the learner reads off the charts, each beside what the run says. */
export function ReadingsForm() {
  return (
    <div className="lesson-readings">
      {READINGS.map(spec => (
        <Reading key={spec.figure} spec={spec} />
      ))}
    </div>
  );
}
