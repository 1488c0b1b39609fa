import { useMemo } from 'react';
import { diffRuns } from './word-diff.ts';

/** A text whose words are marked where the other lacks them. */
export function MarkedText({ text, against }: { readonly text: string; readonly against: string }) {
  const runs = useMemo(() => diffRuns(text, against), [text, against]);
  return runs.map((run, i) => (
    // Segments have no identity except their index.
    <span key={i}>{run.shared ? run.text : <mark>{run.text}</mark>} </span>
  ));
}
