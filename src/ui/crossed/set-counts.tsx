import { useMemo } from 'react';
import { countRows } from '../../state/crossed/crossed-view.ts';
import type { CrossedSet } from '../../record/fold.ts';

/** How many rows of each kind were written by whom, and how many are left out. */
export function SetCounts({ set }: { readonly set: CrossedSet }) {
  const counts = useMemo(() => countRows(set), [set]);
  return (
    <div className="crossed-card">
      <table className="crossed-table">
        <caption>
          The crossed set
          <small>pairs by kind of query and writer</small>
        </caption>
        <thead>
          <tr>
            <th scope="col">kind</th>
            <th scope="col">own answer</th>
            <th scope="col">frontier’s</th>
            <th scope="col">left out</th>
          </tr>
        </thead>
        <tbody>
          {counts.map(({ kind, self, frontier, dropped }) => (
            <tr key={kind} className={kind === 'all' ? 'crossed-total' : undefined}>
              <th scope="row">{kind}</th>
              <td>{self}</td>
              <td>{frontier}</td>
              <td>{dropped}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
