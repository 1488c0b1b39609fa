import { useId, useRef, useState } from 'react';
import { fixed } from '../../contract/format.ts';
import { DIRECTIONS, figureText, readingGap } from '../../state/lesson/figures.ts';
import { NOTE_LENGTH } from '../../state/lesson/lesson-store.ts';
import {
  isTrained,
  LESSON_STEPS,
  stepNumber,
  TRAINED_STEPS,
  type NamedStep,
  type PredictionSpec,
  type ReadingSpec,
} from '../../state/lesson/steps.ts';
import { useLab, useLessonPlace } from '../shared/lab-context.ts';
import { lead } from './guide.ts';
import { useLesson, useLessonActions } from './lesson-context.ts';
import { StepFinding } from './outcome.tsx';

interface StepProps {
  readonly step: NamedStep;
}

/** The way to the place of the step, and the recorded runs where it needs training. */
function StepActions({ step, onLead }: StepProps & { onLead(): void }) {
  const lab = useLab();
  const { takeRecorded } = useLessonActions();
  const bare = useLessonPlace(state => state.controlsHidden);
  const fetching = useLesson(state => state.fetching);
  const done = useLesson(state => state.kept.done.includes(step.id));
  const { id, guide } = step;
  return (
    <div className="lesson-actions">
      <button
        type="button"
        className="button button-primary"
        onClick={() => {
          onLead();
          lead(lab, guide);
        }}
      >
        {bare && guide.needsControls ? 'Show me, with the controls' : 'Show me'}
      </button>
      {isTrained(step) && !done && (
        <button
          type="button"
          className="button"
          disabled={fetching !== null}
          onClick={() => void takeRecorded(step)}
        >
          {fetching === id
            ? 'Fetching'
            : step.run.recorded.withClause
              ? 'Use the recorded runs'
              : 'Use the recorded run'}
        </button>
      )}
    </div>
  );
}

/** The question of a step, and room for what the learner has to say to it. */
function StepNotes({ step }: StepProps) {
  const { note } = useLessonActions();
  const text = useLesson(state => state.kept.notes[step.id] ?? '');
  const field = useId();
  return (
    <div className="lesson-notes">
      <label htmlFor={field}>{step.question}</label>
      <textarea
        id={field}
        className="textarea"
        rows={3}
        maxLength={NOTE_LENGTH}
        value={text}
        placeholder="Your notes"
        onChange={event => note(step.id, event.target.value)}
      />
    </div>
  );
}

/** What the learner expects. Fixed once a run has judged it, so that it stays what was said before. */
function PredictionsForm({ specs }: { readonly specs: readonly PredictionSpec[] }) {
  const { predict } = useLessonActions();
  const predictions = useLesson(state => state.kept.predictions);
  const answered = useLesson(
    ({ kept }) =>
      TRAINED_STEPS.some(({ id, run }) => run.judgesPredictions && kept.findings[id]) &&
      specs.every(({ figure }) => kept.predictions[figure]),
  );
  return (
    <div className="lesson-predictions">
      {specs.map(({ figure, label, words }) => (
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
      {answered && <p className="lesson-faint">Fixed since before training.</p>}
    </div>
  );
}

/** The number that a text says, with a point or a comma; null where it says none that the figure can have. */
function readNumber(text: string, { most }: ReadingSpec): number | null {
  const number = text.trim() === '' ? NaN : Number(text.replace(',', '.'));
  return number >= 0 && number <= most ? number : null;
}

function Reading({ spec }: { readonly spec: ReadingSpec }) {
  const { read } = useLessonActions();
  const { readings, baseline } = useLesson(state => state.kept);
  const value = readings[spec.figure] ?? null;
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

/** Figures that the learner reads off the charts, each beside what the run says. */
function ReadingsForm({ specs }: { readonly specs: readonly ReadingSpec[] }) {
  return (
    <div className="lesson-readings">
      {specs.map(spec => (
        <Reading key={spec.figure} spec={spec} />
      ))}
    </div>
  );
}

/** The step that is looked at. */
export function StepView({ onLead }: { onLead(): void }) {
  const { go } = useLessonActions();
  const current = useLesson(state => state.kept.step);
  const done = useLesson(state => state.kept.done.includes(current));
  const findings = useLesson(state => state.kept.findings);
  const place = LESSON_STEPS.findIndex(({ id }) => id === current);
  const step = LESSON_STEPS[place]!;
  const [before, after] = [LESSON_STEPS[place - 1], LESSON_STEPS[place + 1]];
  const moved = useRef(false);
  const turn = (to: NamedStep | undefined): void => {
    if (!to) return;
    moved.current = true;
    go(to.id);
  };
  return (
    <section className="lesson-step" aria-labelledby="lesson-step">
      <h3
        key={`title of ${step.id}`}
        id="lesson-step"
        ref={heading => {
          if (moved.current) heading?.focus();
          if (heading) moved.current = false;
        }}
        tabIndex={-1}
      >
        {stepNumber(step.id)}. {step.title}
      </h3>
      <p className="lesson-faint">
        {step.minutes} minutes
        {done && <span className="lesson-done"> ✓ Done</span>}
      </p>
      {step.todo.map(sentence => (
        <p key={sentence}>{sentence}</p>
      ))}
      <StepActions step={step} onLead={onLead} />
      {step.predictions && <PredictionsForm specs={step.predictions} />}
      {step.readings && <ReadingsForm specs={step.readings} />}
      <p className="lesson-notice">
        <strong>Notice:</strong> {step.notice}
      </p>
      {done && <StepFinding step={step} findings={findings} />}
      <StepNotes key={`notes on ${step.id}`} step={step} />
      <div className="lesson-turn">
        <button type="button" className="button" disabled={!before} onClick={() => turn(before)}>
          Back
        </button>
        <button type="button" className="button" disabled={!after} onClick={() => turn(after)}>
          Next
        </button>
      </div>
    </section>
  );
}
