import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { CrossedSet } from '../../record/fold.ts';
import { filterRows, NO_FILTER, type CrossedFilter } from '../../state/crossed/crossed-view.ts';
import { countOf } from '../../contract/format.ts';
import { Icon } from '../shared/icon.tsx';
import { useLab } from '../shared/lab-context.ts';
import { SetFilter } from './set-filter.tsx';
import { SetRow } from './set-row.tsx';

const PAGE = 20;

interface PagerProps {
  readonly first: number;
  readonly count: number;
  onTurn(first: number): void;
}

function Pager({ first, count, onTurn }: PagerProps) {
  if (count <= PAGE) return null;
  return (
    <nav className="crossed-pager" aria-label="Pages of pairs">
      <button
        type="button"
        className="button button-icon"
        aria-label="Previous pairs"
        disabled={first === 0}
        onClick={() => onTurn(first - PAGE)}
      >
        <Icon name="previous" />
      </button>
      <span>
        {first + 1}–{Math.min(count, first + PAGE)} of {count}
      </span>
      <button
        type="button"
        className="button button-icon"
        aria-label="Next pairs"
        disabled={first + PAGE >= count}
        onClick={() => onTurn(first + PAGE)}
      >
        <Icon name="next" />
      </button>
    </nav>
  );
}

interface SetListProps {
  readonly runId: string;
  readonly set: CrossedSet;
  readonly editable: boolean;
}

/** The pairs, a page at a time, with the filter before them and what can be done to all that it lets through. */
export function SetList({ runId, set, editable }: SetListProps) {
  const { crossed } = useLab();
  const [filter, setFilter] = useState<CrossedFilter>(NO_FILTER);
  const [asked, setAsked] = useState(0);
  const top = useRef<HTMLDivElement>(null);
  const applied = useDeferredValue(filter);
  const rows = useMemo(() => filterRows(set, applied), [set, applied]);
  const first = Math.min(asked, Math.max(0, Math.ceil(rows.length / PAGE) - 1) * PAGE);
  const inSet = rows.filter(({ id }) => !set.dropped.has(id)).map(({ id }) => id);
  const out = rows.filter(({ id }) => set.dropped.has(id)).map(({ id }) => id);
  const filtered = rows.length < set.rows.length;

  const drop = useCallback(
    (id: number, isOut: boolean) => void crossed.drop(runId, [id], isOut),
    [crossed, runId],
  );
  const turn = (to: number): void => {
    setAsked(to);
    top.current?.scrollIntoView({ block: 'start' });
  };

  return (
    <div className="crossed-set" ref={top}>
      <SetFilter
        filter={filter}
        onFilter={next => {
          setFilter(next);
          setAsked(0);
        }}
      />
      <div className="crossed-found">
        <p role="status">
          {filtered ? `${rows.length} of ${set.rows.length} pairs` : countOf(rows.length, 'pair')}
        </p>
        {filtered && (
          <button type="button" className="button button-quiet" onClick={() => setFilter(NO_FILTER)}>
            Show all
          </button>
        )}
        {editable && filtered && inSet.length > 0 && (
          <button type="button" className="button" onClick={() => void crossed.drop(runId, inSet, true)}>
            Leave out {inSet.length === 1 ? 'this one' : `these ${inSet.length}`}
          </button>
        )}
        {editable && out.length > 0 && (
          <button type="button" className="button" onClick={() => void crossed.drop(runId, out, false)}>
            Take {out.length === 1 ? 'the one' : `the ${out.length}`} left out in again
          </button>
        )}
        <Pager first={first} count={rows.length} onTurn={turn} />
      </div>
      {rows.length === 0 && <p className="crossed-note">No pair is like that. Show all, or ask for less.</p>}
      <ol className="pairs" start={first + 1}>
        {rows.slice(first, first + PAGE).map(row => (
          <SetRow
            key={row.id}
            row={row}
            dropped={set.dropped.has(row.id)}
            editable={editable}
            onDrop={drop}
          />
        ))}
      </ol>
      <Pager first={first} count={rows.length} onTurn={turn} />
    </div>
  );
}
