import type { Finding } from '../../state/lesson/findings.ts';
import { FRESH, type Kept } from '../../state/lesson/kept.ts';
import {
  DIRECTIONS,
  figureText,
  PREDICTIONS,
  READINGS,
  type Predictions,
} from '../../state/lesson/predictions.ts';
import { LESSON_MINUTES, LESSON_STEPS, TRAINING_STEPS } from '../../state/lesson/steps.ts';
import { recipeLabel } from '../../settings/recipes.ts';
import { useLesson } from './lesson-context.ts';
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

function PredictionsOnPaper({ predictions }: { readonly predictions: Predictions }) {
  return (
    <ul className="handout-choices">
      {PREDICTIONS.map(({ figure, label, words }) => (
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

function ReadingsOnPaper({ readings, baseline }: Pick<Kept, 'readings' | 'baseline'>) {
  return (
    <ul className="handout-choices">
      {READINGS.map(({ figure, label, unit }) => (
        <li key={figure}>
          {label}: {readings[figure] ?? <span className="handout-blank" />} {unit}
          {readings[figure] !== null &&
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
export function LearnerSheet({ blank }: { readonly blank: boolean }) {
  const mine = useLesson(state => state.kept);
  const kept = blank ? FRESH : mine;
  const answers = TRAINING_STEPS.flatMap(step => kept.findings[step] ?? []);
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
            {step.id === 'predict' && <PredictionsOnPaper predictions={kept.predictions} />}
            {step.id === 'baseline' && <ReadingsOnPaper {...kept} />}
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
