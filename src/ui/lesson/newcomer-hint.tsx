import { useState } from 'react';
import { Icon } from '../shared/icon.tsx';
import { useLab, useLessonPlace, useRuns } from '../shared/lab-context.ts';
import { storedChoice } from '../shared/stored-choice.ts';
import './newcomer-hint.css';

const stored = storedChoice('copsd-newcomer-hint', ['shown', 'gone'], 'shown');

/** One line for first-time visitors; it disappears for good when dismissed or followed. */
export function NewcomerHint() {
  const { lesson } = useLab();
  const begun = useLessonPlace(state => state.begun);
  const replay = useRuns(state => state.gpu.kind === 'none');
  const [shown, setShown] = useState(() => stored.read() === 'shown');
  const leave = (): void => {
    stored.write('gone');
    setShown(false);
  };
  if (!shown || begun) return null;
  return (
    <p className="newcomer">
      New here? Take{' '}
      <button
        type="button"
        className="newcomer-link"
        onClick={() => {
          leave();
          lesson.open();
        }}
      >
        the 45-minute lesson
      </button>
      , or just press {replay ? 'Replay' : 'Run'}.
      <button
        type="button"
        className="button button-quiet newcomer-close"
        aria-label="Dismiss this hint"
        onClick={leave}
      >
        <Icon name="close" />
      </button>
    </p>
  );
}
