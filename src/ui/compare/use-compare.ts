import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { RunGroup } from '../../state/compare/groups.ts';
import { recordedPicks, type Offer, type Pick } from '../../state/compare/offers.ts';
import {
  chosenGroups,
  createCompareStore,
  offersOf,
  type CompareState,
  type CompareStore,
} from '../../state/compare/compare-store.ts';
import type { Lab } from '../../state/lab.ts';
import { RefreshQueue } from '../../state/run/refresh.ts';
import { useLab } from '../shared/lab-context.ts';
import { RESULTS } from '../shared/results.ts';

/** One for each lab, so that a choice outlives the dialog. */
const stores = new WeakMap<Lab, CompareStore>();
const queue = new RefreshQueue();

function storeOf(lab: Lab): CompareStore {
  const store = stores.get(lab) ?? createCompareStore(lab.runs, RESULTS);
  stores.set(lab, store);
  return store;
}

export interface Comparison {
  readonly actions: CompareStore;
  readonly state: CompareState;
  readonly offers: readonly Offer[];
  readonly picks: readonly Pick[];
  readonly groups: readonly RunGroup[];
}

/** What changes figures that are made of evaluations; single steps do not. */
const signature = ({ runs }: Lab): string =>
  runs.store
    .getState()
    .runs.map(({ id, status }) => {
      const { evals, teacher } = runs.data(id);
      return `${id} ${status} ${evals.length} ${teacher ? 1 : 0}`;
    })
    .join();

/** What is compared; a run of the page that goes on is taken in at each of its evaluations. */
export function useComparison(): Comparison {
  const lab = useLab();
  const actions = storeOf(lab);
  const state = useStore(actions.store);

  useEffect(() => {
    void actions.open();
    let taken = signature(lab);
    const redraw = (): boolean => {
      if (signature(lab) === taken) return false;
      taken = signature(lab);
      actions.refresh();
      return true;
    };
    return queue.attach(onChange => {
      const ids = lab.runs.store.getState().runs.map(({ id }) => id);
      const leave = [
        lab.runs.store.subscribe(onChange),
        ...ids.map(id => lab.runs.data(id).subscribe(onChange)),
      ];
      return () => leave.forEach(stop => stop());
    }, redraw);
  }, [actions, lab]);

  const { local, results, fetched, chosen } = state;
  const offers = useMemo(() => offersOf({ local, results }), [local, results]);
  const groups = useMemo(
    () => chosenGroups({ local, results, fetched, chosen }),
    [local, results, fetched, chosen],
  );
  return { actions, state, offers, picks: useMemo(() => recordedPicks(offers), [offers]), groups };
}
