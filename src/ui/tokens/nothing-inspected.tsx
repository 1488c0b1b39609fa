import { isActive, type RunEntry } from '../../state/run/run-store.ts';

/** Why a run has no inspected answers, and what to do about it. */
export function NothingInspected({ run }: { readonly run: RunEntry }) {
  return <p className="tokens-none">{reason(run)}</p>;
}

function reason(run: RunEntry): string {
  if (run.config.evaluation.inspect === 0)
    return `${run.label} has no answers token by token: it was made without them, or before they were kept. Set “Answers token by token” under Evaluation to 1 or more, and run it again.`;
  if (isActive(run)) return 'The first answers appear here with the evaluation before step 1.';
  if (run.origin === 'live')
    return `${run.label} ended before its first evaluation: there is no answer to inspect.`;
  return `${run.label} was recorded before answers were kept token by token. Run it again to inspect them.`;
}
