import { useMemo, type ReactNode } from 'react';
import type { JudgedAnswer } from '../../record/run-record.ts';
import { countOf } from '../../contract/format.ts';
import { prettify } from '../../state/constitution/routing.ts';
import { ANSWER_LABELS } from '../shared/answer-labels.ts';
import { diffRuns } from './word-diff.ts';

interface AnswerProps {
  readonly who: 'base' | 'student' | 'teacher';
  readonly title: ReactNode;
  readonly answer: JudgedAnswer;
  /** The text to compare with: differences are marked. */
  readonly against: string | null;
  /** Shown after the judgement. */
  readonly children?: ReactNode;
}

/** One answer: whose it is, its text, and the judge's verdict with its reason. */
export function Answer({ who, title, answer, against, children }: AnswerProps) {
  const text = useMemo(() => prettify(answer.text), [answer.text]);
  const runs = useMemo(() => (against === null ? null : diffRuns(text, prettify(against))), [text, against]);
  return (
    <article className={`answer answer-${who}`}>
      <header className="answer-head">
        <h3>{title}</h3>
        <span className="answer-length">{countOf(answer.tokens, 'token')}</span>
      </header>
      <p className="answer-text">
        {text === '' && <em>(empty)</em>}
        {runs
          ? runs.map((run, i) => (
              // Segments have no identity except their index.
              <span key={i}>{run.shared ? run.text : <mark>{run.text}</mark>} </span>
            ))
          : text}
      </p>
      <p className="answer-judged">
        <span className="chip">{ANSWER_LABELS[answer.label]}</span> {answer.reason}
      </p>
      {children}
    </article>
  );
}
