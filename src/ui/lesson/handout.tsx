import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { Outcome } from '../../protocol/lab-api.ts';
import { DIRECTIONS, figureText, type Finding } from '../../state/lesson/figures.ts';
import { FRESH, type Kept } from '../../state/lesson/lesson-store.ts';
import { expectedRanges, type ExpectedRange } from '../../state/lesson/recorded.ts';
import {
  LESSON_MINUTES,
  LESSON_STEPS,
  TRAINED_STEPS,
  type NamedStep,
  type PredictionSpec,
  type ReadingSpec,
} from '../../state/lesson/steps.ts';
import { recipeLabel } from '../../settings/recipes.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { RESULTS } from '../shared/results.ts';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import './handout.css';
import { stepAddress, useLesson } from './lesson-context.ts';
import { StepFinding } from './outcome.tsx';

/** Lines to write on. */
function Lines({ count }: { readonly count: number }) {
  return (
    <div className="handout-lines" aria-hidden="true">
      {Array.from({ length: count }, (_, line) => (
        <hr key={line} />
      ))}
    </div>
  );
}

interface OnPaper<Spec> {
  readonly specs: readonly Spec[];
  readonly kept: Kept;
}

function PredictionsOnPaper({ specs, kept: { predictions } }: OnPaper<PredictionSpec>) {
  return (
    <ul className="handout-choices">
      {specs.map(({ figure, label, words }) => (
        <li key={figure}>
          {label}{' '}
          {DIRECTIONS.map(direction => (
            <span key={direction} className="handout-choice">
              <span aria-hidden="true">{predictions[figure] === direction ? '☒' : '☐'}</span>{' '}
              {words[direction]}
              {predictions[figure] === direction && <span className="visually-hidden"> (chosen)</span>}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function ReadingsOnPaper({ specs, kept: { readings, baseline } }: OnPaper<ReadingSpec>) {
  return (
    <ul className="handout-choices">
      {specs.map(({ figure, label, unit }) => (
        <li key={figure}>
          {label}: {readings[figure] ?? <span className="handout-blank" />} {unit}
          {typeof readings[figure] === 'number' &&
            baseline &&
            ` (${baseline.label}: ${figureText(figure, baseline.figures[figure])})`}
        </li>
      ))}
    </ul>
  );
}

/** What it takes to repeat a run. */
function ReceiptFacts({ finding }: { readonly finding: Finding }) {
  const { label, recorded, receipt } = finding;
  const facts = [
    ['Recipe', `${recipeLabel(receipt.recipe)}, ${receipt.steps} steps`],
    ['Seed', String(receipt.seed)],
    ['Trained', `${receipt.createdAt} on ${receipt.adapter}`],
    ['Settings, SHA-256', receipt.configSha256],
    ['Weights, SHA-256', receipt.weightsSha256],
  ] as const;
  return (
    <section className="handout-receipt">
      <h3>
        {label}
        {recorded && ' (recorded)'}
      </h3>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The learner's paper: to write on, or with what was entered and measured. */
function LearnerSheet({ blank }: { readonly blank: boolean }) {
  const mine = useLesson(state => state.kept);
  const kept = blank ? FRESH : mine;
  const answers = TRAINED_STEPS.flatMap(({ id }) => kept.findings[id] ?? []);
  // One recorded run may answer two steps.
  const found = [...new Map(answers.map(finding => [finding.runId, finding])).values()];
  return (
    <>
      <h1>COPSD Lab: safety by self-distillation</h1>
      <p className="handout-lead">
        A class of {LESSON_MINUTES} minutes. A small language model learns safety from itself: its teacher
        reads a constitution, the student never does.
      </p>
      <p className="handout-name">
        Name <span className="handout-blank" /> Date <span className="handout-blank" />
      </p>
      {LESSON_STEPS.map((step, i) => {
        const note = kept.notes[step.id]?.trim();
        return (
          <section key={step.id} className="handout-step">
            <h2>
              {i + 1}. {step.title} <small>{step.minutes} min</small>
              {kept.done.includes(step.id) && <small> ✓ done</small>}
            </h2>
            <p>{step.todo.join(' ')}</p>
            {step.predictions && <PredictionsOnPaper specs={step.predictions} kept={kept} />}
            {step.readings && <ReadingsOnPaper specs={step.readings} kept={kept} />}
            <p className="handout-notice">Notice: {step.notice}</p>
            <StepFinding step={step} findings={kept.findings} />
            <p className="handout-question">{step.question}</p>
            {note ? <p className="handout-note">{note}</p> : <Lines count={2} />}
          </section>
        );
      })}
      {found.length > 0 && <h2>Receipts</h2>}
      {found.map(finding => (
        <ReceiptFacts key={finding.runId} finding={finding} />
      ))}
    </>
  );
}

/** When each step begins, in minutes of the class. */
const BEGINS = LESSON_STEPS.map((_, i) =>
  LESSON_STEPS.slice(0, i).reduce((sum, { minutes }) => sum + minutes, 0),
);

function Expected({ ranges }: { readonly ranges: readonly ExpectedRange[] }) {
  return (
    <ul className="handout-ranges">
      {ranges.map(({ who, figures, runs }) => (
        <li key={who}>
          <strong>{who}</strong> ({runs === 1 ? 'one run' : `${runs} runs`}):{' '}
          {figures.map(({ name, range }) => `${name} ${range}`).join('; ')}
        </li>
      ))}
    </ul>
  );
}

function Row({ step, place, ranges }: RowProps) {
  const begins = BEGINS[place] ?? 0;
  const own = ranges.filter(range => range.step === step.id);
  return (
    <tr>
      <th scope="row">
        {begins}–{begins + step.minutes}
      </th>
      <td>
        <strong>
          {place + 1}. {step.title}
        </strong>
        <br />
        {step.todo.join(' ')}
        <br />
        <em>Ask: {step.question}</em>
      </td>
      <td>
        {step.notice}
        {own.length > 0 && <Expected ranges={own} />}
      </td>
    </tr>
  );
}
interface RowProps {
  readonly step: NamedStep;
  readonly place: number;
  readonly ranges: readonly ExpectedRange[];
}

/** The teacher's paper: minute by minute, with what the recorded runs let one expect. */
function TeacherSheet() {
  const [outcome, setOutcome] = useState<Outcome<readonly ExpectedRange[]> | null>(null);
  useEffect(() => {
    let gone = false;
    void expectedRanges(RESULTS).then(found => {
      if (!gone) setOutcome(found);
    });
    return () => {
      gone = true;
    };
  }, []);
  return (
    <>
      <h1>COPSD Lab: the teacher’s page</h1>
      <p className="handout-lead">
        {LESSON_MINUTES} minutes, {LESSON_STEPS.length} steps. A step completes on what the learner does, in
        any order. Where training is slow, or there is no WebGPU, each step that trains can take recorded
        runs.
      </p>
      {!outcome && <p role="status">The recorded runs are being read.</p>}
      {outcome && !outcome.ok && <FaultCard fault={outcome.fault} tone="notice" />}
      <table className="handout-plan">
        <caption>
          Ranges go from the least to the most over the seeds of the recorded runs. Runs in class are shorter
          or have other seeds: expect the direction, not the digit.
        </caption>
        <thead>
          <tr>
            <th scope="col">Minute</th>
            <th scope="col">Step</th>
            <th scope="col">What to look at, what to expect</th>
          </tr>
        </thead>
        <tbody>
          {LESSON_STEPS.map((step, place) => (
            <Row key={step.id} step={step} place={place} ranges={outcome?.ok ? outcome.value : []} />
          ))}
        </tbody>
      </table>
      <h2>Links</h2>
      <p>
        A link opens the page at a step; nothing runs by itself. Ending it in{' '}
        <code>&amp;controls=hidden</code> leaves out setup and run controls, for a projector.
      </p>
      <ul className="handout-links">
        {LESSON_STEPS.map(({ id, title }, i) => (
          <li key={id}>
            {title}: <span>{stepAddress(i + 1, false)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

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
