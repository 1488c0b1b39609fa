import { useEffect, useRef, useState } from 'react';
import { createLessonActions } from '../../state/lesson/lesson-store.ts';
import { LESSON_STEPS } from '../../state/lesson/steps.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { Icon } from '../shared/icon.tsx';
import { useLab, useLessonPlace } from '../shared/lab-context.ts';
import { RESULTS } from '../shared/results.ts';
import { Handout } from './handout.tsx';
import './lesson-dock.css';
import { LessonContext, useLesson, useLessonActions } from './lesson-context.ts';
import { LessonTools } from './lesson-tools.tsx';
import { StepTabs } from './step-tabs.tsx';
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
    const step = requested && LESSON_STEPS[requested.step - 1];
    if (step) actions.go(step.id);
  }, [requested, actions]);
  return (
    <LessonContext value={actions}>
      <Announcer />
      {open && <Dock />}
    </LessonContext>
  );
}
