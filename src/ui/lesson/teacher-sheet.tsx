import { useEffect, useState } from 'react';
import type { Outcome } from '../../protocol/lab-api.ts';
import { expectedRanges, type ExpectedRange } from '../../state/lesson/ranges.ts';
import { LESSON_MINUTES, LESSON_STEPS, type LessonStep } from '../../state/lesson/steps.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { RESULTS } from '../shared/results.ts';
import { stepAddress } from './lesson-tools.tsx';

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
  readonly step: LessonStep;
  readonly place: number;
  readonly ranges: readonly ExpectedRange[];
}

/** The teacher's paper: minute by minute, with what the recorded runs let one expect. */
export function TeacherSheet() {
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
