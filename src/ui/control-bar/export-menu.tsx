import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Icon } from '../shared/icon.tsx';
import { useLab, useReview, useRuns, useShownRun } from '../shared/lab-context.ts';
import './export-menu.css';
import { lessonTarget } from '../shared/lesson-target.ts';
import { exportRun, type SavedKind } from './export-run.ts';

interface ExportChoice {
  readonly kind: SavedKind;
  readonly label: string;
  readonly detail: string;
}

const FIGURES: readonly ExportChoice[] = [
  { kind: 'bundle', label: 'Run bundle (zip)', detail: 'everything there is of the run, to open again' },
  { kind: 'receipt', label: 'Receipt', detail: 'what it was, what came of it, how to repeat it' },
  { kind: 'json', label: 'Run (JSON)', detail: 'settings, receipt, all figures and samples' },
  { kind: 'steps', label: 'Steps (CSV)', detail: 'every figure of every step' },
  { kind: 'evaluations', label: 'Evaluations (CSV)', detail: 'held-out figures, and the teacher’s' },
];
/** Of a run with answers whose judgement a person holds to be wrong. */
const FLAGS: ExportChoice = {
  kind: 'flags',
  label: 'Flagged answers (CSV)',
  detail: 'what you flagged among the samples',
};
/** Of the run whose weights the worker holds. */
const ADAPTER: ExportChoice = {
  kind: 'adapter',
  label: 'LoRA adapter',
  detail: 'for PEFT, as of the last checkpoint',
};
const WEIGHTS: readonly ExportChoice[] = [
  { kind: 'merged', label: 'Merged weights', detail: 'a folder for transformers' },
  { kind: 'onnx', label: 'ONNX', detail: 'a folder for transformers.js' },
  { kind: 'trl', label: 'TRL project', detail: 'the same run in Python, for larger machines' },
];

/** What can be taken home of the run that is shown. */
export function ExportMenu() {
  const lab = useLab();
  const run = useShownRun();
  const held = useRuns(({ currentId }) => currentId === run?.id && run?.origin === 'live');
  const flagged = useReview(({ flags }) => flags.some(({ runId }) => runId === run?.id));
  const choices = [
    ...FIGURES,
    ...(flagged ? [FLAGS] : []),
    ...(held ? [...(run?.config.lora ? [ADAPTER] : []), ...WEIGHTS] : []),
  ];
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
            choices.map(({ kind, label, detail }) => (
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
                <small>{detail}</small>
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
