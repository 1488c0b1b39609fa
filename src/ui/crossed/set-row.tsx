import { memo } from 'react';
import type { CrossedRow } from '../../record/run-record.ts';
import { countOf } from '../../contract/format.ts';
import { prettify } from '../../state/constitution/routing.ts';
import { CATEGORY_LABELS } from '../constitution/clause-route.ts';
import { ANSWER_LABELS } from '../shared/answer-labels.ts';

interface SetRowProps {
  readonly row: CrossedRow;
  readonly dropped: boolean;
  readonly editable: boolean;
  onDrop(id: number, out: boolean): void;
}

/** One pair: the query, the answer that the teacher learns, who wrote it, and what the judge makes of it. */
export const SetRow = memo(function SetRow({ row, dropped, editable, onDrop }: SetRowProps) {
  const { id, kind, category, source, answer, constitution } = row;
  return (
    <li className={dropped ? 'pair pair-dropped' : `pair pair-${source}`}>
      <div className="pair-head">
        <p className="pair-query">{prettify(row.query)}</p>
        {editable && (
          <button
            type="button"
            className="button button-quiet pair-drop"
            aria-label={`${dropped ? 'Take pair' : 'Leave pair'} ${id + 1} ${dropped ? 'in again' : 'out'}`}
            onClick={() => onDrop(id, !dropped)}
          >
            {dropped ? 'Take in again' : 'Leave out'}
          </button>
        )}
      </div>
      <p className="pair-answer">{answer.text === '' ? <em>(empty)</em> : prettify(answer.text)}</p>
      <p className="pair-about">
        {dropped && <strong className="pair-out">left out</strong>}
        <span className="chip">
          {kind}
          {kind !== 'benign' && kind !== 'general' && `, ${CATEGORY_LABELS[category]}`}
        </span>
        <span className="chip">{source === 'self' ? 'own answer' : 'frontier’s'}</span>
        <span className="chip">{ANSWER_LABELS[answer.label]}</span>
        <span>
          {countOf(answer.tokens, 'token')}. {answer.reason}
        </span>
      </p>
      {constitution === null ? (
        <p className="pair-rules">No clause applies: learnt without constitution.</p>
      ) : (
        <details className="pair-rules">
          <summary>Constitution</summary>
          <p>{prettify(constitution)}</p>
        </details>
      )}
    </li>
  );
});
