import { useId, useState } from 'react';
import { MAX_GROUPS } from '../../state/compare/groups.ts';
import type { Offer } from '../../state/compare/offers.ts';
import { countOf } from '../../contract/format.ts';
import { FileChooser } from '../shared/file-chooser.tsx';
import { GroupMarker } from './group-marker.tsx';
import type { Comparison } from './use-compare.ts';

interface OffersProps {
  readonly title: string;
  readonly offers: readonly Offer[];
  readonly comparison: Comparison;
}

function Offers({ title, offers, comparison: { state, actions, groups } }: OffersProps) {
  const heading = useId();
  const full = state.chosen.length >= MAX_GROUPS;
  if (offers.length === 0) return null;
  return (
    <div className="compare-offers" role="group" aria-labelledby={heading}>
      <h3 id={heading}>{title}</h3>
      <ul>
        {offers.map(({ id, label, detail, runIds }) => {
          const chosen = state.chosen.includes(id);
          const group = groups.findIndex(({ runs }) => runs.some(run => runIds.includes(run.id)));
          return (
            <li key={id}>
              <label className="compare-offer">
                <input
                  type="checkbox"
                  checked={chosen}
                  disabled={!chosen && full}
                  onChange={() => void actions.toggle(id)}
                />
                {chosen && group >= 0 && <GroupMarker group={group} />}
                <span>{label}</span>
                <small>{detail}</small>
              </label>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Which runs are compared, and the ways to get more of them. */
export function RunChooser({ comparison }: { readonly comparison: Comparison }) {
  const { state, actions, offers, picks, groups } = comparison;
  // On a phone the figures come first.
  const [open, setOpen] = useState(() => !matchMedia('(max-width: 480px)').matches);
  const waiting = state.pending.length;
  return (
    <details className="compare-chooser" open={open || groups.length === 0}>
      <summary
        onClick={event => {
          event.preventDefault();
          setOpen(!open);
        }}
      >
        Runs{groups.length > 0 && <>: {groups.map(({ label }) => label).join(', ')}</>}
      </summary>
      <Offers
        title="On this page"
        offers={offers.filter(({ source }) => source === 'here')}
        comparison={comparison}
      />
      <Offers
        title="Recorded results"
        offers={offers.filter(({ source }) => source === 'recorded')}
        comparison={comparison}
      />
      <div className="compare-ways">
        {picks.map(({ label, ids }) => (
          <button key={label} type="button" className="button" onClick={() => void actions.choose(ids)}>
            {label}
          </button>
        ))}
        <FileChooser label="Open run files" files="Run files" accept=".json" onChoose={actions.openFiles} />
        <p className="compare-hint" role="status">
          {waiting > 0
            ? `Fetching ${countOf(waiting, 'recorded run')}`
            : `Up to ${MAX_GROUPS} lines; runs that differ only in their seed share one. Files can be dropped here.`}
        </p>
      </div>
    </details>
  );
}
