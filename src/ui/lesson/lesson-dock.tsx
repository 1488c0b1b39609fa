import { useEffect, useRef, useState } from 'react';
import { createLessonActions } from '../../state/lesson/lesson-store.ts';
import { LESSON_STEPS, stepNumber } from '../../state/lesson/steps.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { Icon } from '../shared/icon.tsx';
import { useLab, useLessonPlace } from '../shared/lab-context.ts';
import { RESULTS } from '../shared/results.ts';
import { Handout } from './handout.tsx';
import './lesson-dock.css';
import { LessonContext, stepAddress, useLesson, useLessonActions } from './lesson-context.ts';
import { StepView } from './step-view.tsx';

/** Where the dock lies over the foot of the page instead of beside it. */
const NARROW = '(max-width: 820px)';

/** Says completions to those who hear the page. */
function Announcer() {
  const announced = useLesson(state => state.announced);
  return (
    <p className="visually-hidden" role="status" aria-label="Lesson">
      {announced}
    </p>
  );
}

function HiddenControls() {
  const { lesson } = useLab();
  const bare = useLessonPlace(state => state.controlsHidden);
  if (!bare) return null;
  return (
    <p className="lesson-bare">
      Setup and run controls are hidden.
      <button type="button" className="button button-quiet" onClick={lesson.showControls}>
        Show controls
      </button>
    </p>
  );
}

function Faults() {
  const { dismissFault } = useLessonActions();
  const fault = useLesson(state => state.fault);
  const stored = useLesson(state => state.stored);
  return (
    <>
      {fault && <FaultCard fault={fault} onDismiss={dismissFault} />}
      {!stored && (
        <p className="lesson-faint">
          This browser keeps nothing of the lesson: print the hand-out before you close the page.
        </p>
      )}
    </>
  );
}

/** Of the two buttons that open the lesson, the one that is there at this width. */
function backToButton(): void {
  const buttons = [...document.querySelectorAll<HTMLElement>('.bar-lesson, .pane-lesson')];
  buttons.find(button => button.getClientRects().length > 0)?.focus();
}

/** The steps in a row: which are done, and which is looked at. */
function StepTabs() {
  const { go } = useLessonActions();
  const { done, step: current } = useLesson(state => state.kept);
  return (
    <nav aria-label="Steps of the lesson">
      <ol className="lesson-tabs">
        {LESSON_STEPS.map(({ id, title }, i) => {
          const isDone = done.includes(id);
          return (
            <li key={id}>
              <button
                type="button"
                className={isDone ? 'lesson-tab lesson-tab-done' : 'lesson-tab'}
                title={title}
                aria-label={`${i + 1}. ${title}${isDone ? ', done' : ''}`}
                aria-current={id === current ? 'step' : undefined}
                onClick={() => go(id)}
              >
                {i + 1}
                {isDone && <span aria-hidden="true">✓</span>}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** A link to the step that is looked at, for a class or a projector. */
function LinkCopier() {
  const step = useLesson(state => stepNumber(state.kept.step));
  const [hidden, setHidden] = useState(false);
  const [copied, setCopied] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  const address = stepAddress(step, hidden);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(address);
      setCopied(address);
      setRefused(false);
    } catch {
      // The browser may forbid the clipboard: then the link is there to be copied by hand.
      setRefused(true);
    }
  };
  return (
    <div className="lesson-link">
      <button type="button" className="button" onClick={() => void copy()}>
        Copy link to this step
      </button>
      <label>
        <input type="checkbox" checked={hidden} onChange={event => setHidden(event.target.checked)} />
        controls hidden
      </label>
      <p className="lesson-faint" aria-live="polite">
        {copied === address && 'Copied.'}
        {refused && 'The browser does not let the page copy; copy it from here:'}
      </p>
      {refused && <input className="input" readOnly aria-label="Link to this step" value={address} />}
    </div>
  );
}

/** Two presses, since what was written is gone afterwards. */
function StartOver() {
  const { startOver } = useLessonActions();
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <button type="button" className="button button-quiet" onClick={() => setAsked(true)}>
        Start over
      </button>
    );
  return (
    <p className="lesson-over" role="group" aria-label="Start over">
      This removes your predictions, readings and notes.
      <button
        type="button"
        className="button"
        onClick={() => {
          startOver();
          setAsked(false);
        }}
      >
        Remove them
      </button>
      <button type="button" className="button" onClick={() => setAsked(false)}>
        Keep them
      </button>
    </p>
  );
}

/** What a teacher needs of the lesson: links, paper, a fresh start. */
function LessonTools({ onPrint }: { onPrint(): void }) {
  return (
    <div className="lesson-tools">
      <LinkCopier />
      <button type="button" className="button" aria-haspopup="dialog" onClick={onPrint}>
        Print hand-out
      </button>
      <StartOver />
    </div>
  );
}

function Dock() {
  const { lesson } = useLab();
  const folded = useLessonPlace(state => state.folded);
  const done = useLesson(state => state.kept.done.length);
  const [printing, setPrinting] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    if (!lesson.store.getState().byLink) heading.current?.focus();
    document.documentElement.dataset['lesson'] = 'open';
    return () => {
      delete document.documentElement.dataset['lesson'];
      backToButton();
    };
  }, [lesson]);

  return (
    <aside className="lesson" aria-label="Lesson" data-folded={folded}>
      <header className="lesson-head">
        <h2 ref={heading} tabIndex={-1}>
          Lesson
        </h2>
        <span className="lesson-progress">
          {done} of {LESSON_STEPS.length} steps done
        </span>
        <button
          type="button"
          className="button button-quiet"
          aria-expanded={!folded}
          onClick={() => lesson.fold(!folded)}
        >
          {folded ? 'Unfold' : 'Fold'}
        </button>
        <button
          type="button"
          className="button button-icon button-quiet"
          aria-label="Close the lesson"
          onClick={lesson.close}
        >
          <Icon name="close" />
        </button>
      </header>
      <HiddenControls />
      {!folded && (
        <div className="lesson-body">
          <StepTabs />
          <Faults />
          <StepView
            onLead={() => {
              if (matchMedia(NARROW).matches) lesson.fold(true);
            }}
          />
          <LessonTools onPrint={() => setPrinting(true)} />
        </div>
      )}
      {printing && <Handout onClose={() => setPrinting(false)} />}
    </aside>
  );
}

/** The class of 45 minutes beside the lab. It watches what is done for as long as the page is there. */
export function LessonDock() {
  const lab = useLab();
  const open = useLessonPlace(state => state.open);
  const [actions] = useState(() => createLessonActions(lab, RESULTS));
  const requested = useLessonPlace(state => state.requested);
  useEffect(() => actions.watch(), [actions]);
  useEffect(() => {
    if (!requested) return;
    const step = LESSON_STEPS[requested.step - 1];
    if (step) actions.go(step.id);
    else lab.lesson.refuse(LESSON_STEPS.length);
  }, [requested, actions, lab]);
  return (
    <LessonContext value={actions}>
      <Announcer />
      {open && <Dock />}
    </LessonContext>
  );
}
