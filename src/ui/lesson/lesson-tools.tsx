import { useState } from 'react';
import { lessonHash } from '../../state/lesson/link.ts';
import { stepNumber } from '../../state/lesson/steps.ts';
import { useLesson, useLessonActions } from './lesson-context.ts';

/** The page's address with the hash of a step; settings that the address carries stay in it. */
export function stepAddress(step: number, controlsHidden: boolean): string {
  return `${location.origin}${location.pathname}${location.search}${lessonHash({ step, controlsHidden })}`;
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
export function LessonTools({ onPrint }: { onPrint(): void }) {
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
