import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { exportRun, formatsOf } from '../export/export-run.ts';
import { Icon } from '../shared/icon.tsx';
import { useLab, useReview, useRuns, useShownRun } from '../shared/lab-context.ts';
import { lessonTarget } from '../shared/lesson-target.ts';
import './export-menu.css';

/** Every format that the run that is shown has. */
export function ExportMenu() {
  const lab = useLab();
  const run = useShownRun();
  const held = useRuns(({ currentId }) => currentId === run?.id && run?.origin === 'live');
  const flagged = useReview(({ flags }) => flags.some(({ runId }) => runId === run?.id));
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const chooser = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (!open) return;
    frame.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const onPress = (event: PointerEvent): void => {
      if (!frame.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, [open]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...(frame.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const index = items.indexOf(document.activeElement as HTMLElement);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      items[(index + step + items.length) % items.length]?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      setOpen(false);
      if (event.key === 'Escape') button.current?.focus();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="menu" ref={frame}>
      <button
        ref={button}
        type="button"
        className="button"
        aria-haspopup="menu"
        {...lessonTarget('export')}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        Export
        <Icon name="down" />
      </button>
      {open && (
        <div
          className="menu-list"
          role="menu"
          tabIndex={-1}
          aria-label={run ? `Export ${run.label.toLowerCase()}` : 'Export'}
          onKeyDown={onKeyDown}
        >
          {run &&
            formatsOf({ run, held, flagged }).map(({ kind, label, why }) => (
              <button
                key={kind}
                type="button"
                role="menuitem"
                className="menu-item"
                onClick={() => {
                  setOpen(false);
                  button.current?.focus();
                  void exportRun(lab, run.id, kind);
                }}
              >
                <span>{label}</span>
                <small>{why}</small>
              </button>
            ))}
          <button
            type="button"
            role="menuitem"
            className="menu-item menu-item-apart"
            onClick={() => {
              setOpen(false);
              button.current?.focus();
              chooser.current?.click();
            }}
          >
            <span>Open a run</span>
            <small>a run’s .json or its bundle; dropping it does the same</small>
          </button>
        </div>
      )}
      <input
        ref={chooser}
        type="file"
        accept=".json,.zip"
        multiple
        hidden
        aria-label="Runs and run bundles"
        onChange={event => {
          const chosen = [...(event.target.files ?? [])];
          event.target.value = '';
          if (chosen.length > 0) void lab.files.openRuns(chosen);
        }}
      />
    </div>
  );
}
