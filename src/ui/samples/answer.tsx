import { lazy, Suspense, useMemo, type ReactNode } from 'react';
import type { JudgedAnswer } from '../../record/run-record.ts';
import { countOf } from '../../contract/format.ts';
import { prettify } from '../../state/constitution/routing.ts';
import { ANSWER_LABELS } from '../shared/answer-labels.ts';

const MarkedText = lazy(async () => ({ default: (await import('./marked-text.tsx')).MarkedText }));

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
  const other = useMemo(() => (against === null ? null : prettify(against)), [against]);
  return (
    <article className={`answer answer-${who}`}>
      <header className="answer-head">
        <h3>{title}</h3>
        <span className="answer-length">{countOf(answer.tokens, 'token')}</span>
      </header>
      <p className="answer-text">
        {text === '' && <em>(empty)</em>}
        {other === null ? (
          text
        ) : (
          <Suspense fallback={text}>
            <MarkedText text={text} against={other} />
          </Suspense>
        )}
      </p>
      <p className="answer-judged">
        <span className="chip">{ANSWER_LABELS[answer.label]}</span> {answer.reason}
      </p>
      {children}
    </article>
  );
}
