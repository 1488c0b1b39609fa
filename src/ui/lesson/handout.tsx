import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import './handout.css';
import { LearnerSheet } from './learner-sheet.tsx';
import { TeacherSheet } from './teacher-sheet.tsx';

const SHEETS = [
  ['mine', 'My lesson'],
  ['blank', 'Blank, for a class'],
  ['teacher', 'For the teacher'],
] as const;

/** Paper, as it will be printed. It covers the page, since what is printed is all that is there. */
export function Handout({ onClose }: { onClose(): void }) {
  const [sheet, setSheet] = useState<(typeof SHEETS)[number][0]>('mine');
  const close = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const page = document.getElementById('root');
    const before = document.activeElement;
    page?.setAttribute('inert', '');
    close.current?.focus();
    return () => {
      page?.removeAttribute('inert');
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [onClose]);
  return createPortal(
    <div className="handout" role="dialog" aria-modal="true" aria-label="Hand-out">
      <div className="handout-bar">
        <ToggleGroup
          className="handout-sheets"
          label="Sheet"
          options={SHEETS}
          value={sheet}
          onChoose={setSheet}
        />
        <button type="button" className="button button-primary" onClick={() => window.print()}>
          Print
        </button>
        <button ref={close} type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
      <article className="handout-paper">
        {sheet === 'teacher' ? <TeacherSheet /> : <LearnerSheet blank={sheet === 'blank'} />}
      </article>
    </div>,
    document.body,
  );
}
