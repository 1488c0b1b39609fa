import {
  findingTable,
  LESSON_MEASURES,
  verdictsOf,
  type Finding,
  type Findings,
  type Verdict,
} from '../../state/lesson/figures.ts';
import { isTrained, PREDICTIONS, type NamedStep } from '../../state/lesson/steps.ts';
import { DataTable } from '../figures/data-table.tsx';
import { useLesson } from './lesson-context.ts';

function verdictWords({ spec, predicted, moved }: Verdict): string {
  if (predicted === null) return 'nothing predicted';
  const said = `you said ${spec.words[predicted]}`;
  if (moved === null) return `${said}: it stayed`;
  return predicted === moved ? `${said}: it held` : `${said}: it did not hold`;
}

/** Each prediction beside what was measured. */
function Verdicts({ finding }: { readonly finding: Finding }) {
  const predictions = useLesson(state => state.kept.predictions);
  return (
    <ul className="lesson-verdicts">
      {verdictsOf(PREDICTIONS, predictions, finding).map(verdict => (
        <li key={verdict.spec.figure}>
          {LESSON_MEASURES[verdict.spec.figure].label}: {verdict.before} → {verdict.after}{' '}
          <strong>({verdictWords(verdict)})</strong>
        </li>
      ))}
    </ul>
  );
}

/** Where the figures come from. */
function sourceOf({ label, recorded, queriesPerKind, queries, without }: Finding): string {
  const source = recorded ? `Recorded, not trained here: ${label}.` : `${label}, trained here.`;
  const clauses = without.length > 0 ? ` Left out: ${without.map(text => `“${text}”`).join(' ')}` : '';
  return `${source} Held-out queries: ${queries ?? `${queriesPerKind} of each kind`}.${clauses}`;
}

interface FindingProps {
  readonly step: NamedStep;
  readonly findings: Findings;
}

/** What a training step's run measured; nothing for other steps, or before. */
export function StepFinding({ step, findings }: FindingProps) {
  if (!isTrained(step)) return null;
  const finding = findings[step.id];
  const table = findingTable(step, findings);
  if (!finding || !table) return null;
  return (
    <div className="lesson-finding">
      <DataTable className="lesson-table" caption={`${step.title}: what was measured`} table={table} />
      <p className="lesson-faint">{sourceOf(finding)}</p>
      {step.run.judgesPredictions && <Verdicts finding={finding} />}
    </div>
  );
}
