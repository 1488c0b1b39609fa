import { useId, useRef } from 'react';
import { NOTE_LENGTH } from '../../state/lesson/kept.ts';
import { isTrainingStep, LESSON_STEPS, stepNumber, type LessonStep } from '../../state/lesson/steps.ts';
import { useLab, useLessonPlace } from '../shared/lab-context.ts';
import { lead } from './guide.ts';
import { useLesson, useLessonActions } from './lesson-context.ts';
import { StepFinding } from './outcome.tsx';
import { PredictionsForm } from './predictions-form.tsx';
import { ReadingsForm } from './readings-form.tsx';

interface StepProps {
  readonly step: LessonStep;
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
      {isTrainingStep(id) && !done && (
        <button
          type="button"
          className="button"
          disabled={fetching !== null}
          onClick={() => void takeRecorded(id)}
        >
          {fetching === id ? 'Fetching' : id === 'ablate' ? 'Use the recorded runs' : 'Use the recorded run'}
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
  const turn = (to: LessonStep | undefined): void => {
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
      {step.id === 'predict' && <PredictionsForm />}
      {step.id === 'baseline' && <ReadingsForm />}
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
