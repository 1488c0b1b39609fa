import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Fault } from '../../contract/errors.ts';
import { groupRuns, MAX_GROUPS, type ComparedRun, type RunGroup } from './groups.ts';
import { localOffers, recordedOffers, recordedPicks, toggled, type Offer } from './offers.ts';
import { NOT_COMPARED, readRunFile } from '../run/run-file.ts';
import { loadResult, loadResultIndex, type ResultEntry } from './results.ts';
import type { RunEntry, RunStore } from '../run/run-store.ts';

export interface CompareState {
  /** Runs of the page as they were when last looked at, then runs of opened files. */
  readonly local: readonly ComparedRun[];
  /** The list of recorded results; null until it was read. */
  readonly results: readonly ResultEntry[] | null;
  /** Recorded runs that were fetched, by their file. */
  readonly fetched: Readonly<Record<string, ComparedRun>>;
  /** Chosen offers, in the order of choosing. */
  readonly chosen: readonly string[];
  /** Files being read. */
  readonly pending: readonly string[];
  readonly faults: readonly Fault[];
}

export interface CompareStore {
  readonly store: StoreApi<CompareState>;
  /** Takes in the page's runs and, at the first call, the list of recorded results. */
  open(): Promise<void>;
  /** Takes in what the page's runs have reported since. */
  refresh(): void;
  toggle(id: string): Promise<void>;
  choose(ids: readonly string[]): Promise<void>;
  openFiles(files: readonly File[]): Promise<void>;
  dismiss(): void;
}

export const offersOf = ({ local, results }: Pick<CompareState, 'local' | 'results'>): readonly Offer[] => [
  ...localOffers(local),
  ...recordedOffers(results ?? []),
];

/** The chosen groups, of the runs already loaded. */
export function chosenGroups({
  local,
  results,
  fetched,
  chosen,
}: Pick<CompareState, 'local' | 'results' | 'fetched' | 'chosen'>): readonly RunGroup[] {
  const here = localOffers(local);
  const recorded = recordedOffers(results ?? []);
  return groupRuns(
    chosen.flatMap(id => [
      ...(here.find(offer => offer.id === id)?.group.runs ?? []),
      ...(recorded.find(offer => offer.id === id)?.runIds ?? []).flatMap(file => fetched[file] ?? []),
    ]),
  );
}

const PAGE = 'page ';

/**
 * What is compared. It reads the page's runs and never writes to them.
 * @param folder URL of the recorded results, with a slash at its end
 */
export function createCompareStore(runs: RunStore, folder: string, get: typeof fetch = fetch): CompareStore {
  const store = createStore<CompareState>(() => ({
    local: [],
    results: null,
    fetched: {},
    chosen: [],
    pending: [],
    faults: [],
  }));
  let indexAsked = false;

  const fault = (found: Fault): void => store.setState(({ faults }) => ({ faults: [...faults, found] }));

  const ofPage = ({ id, label }: RunEntry): readonly ComparedRun[] => {
    const record = runs.data(id).toRecord();
    return record ? [{ id: PAGE + id, name: label, group: null, record }] : [];
  };

  const refresh = (): void => {
    const page = runs.store.getState().runs.flatMap(ofPage);
    store.setState(({ local }) => ({ local: [...page, ...local.filter(({ id }) => !id.startsWith(PAGE))] }));
  };

  const fetchOne = async (entry: ResultEntry): Promise<void> => {
    const { fetched, pending } = store.getState();
    if (fetched[entry.file] || pending.includes(entry.file)) return;
    store.setState({ pending: [...pending, entry.file] });
    const record = await loadResult(folder, entry, get);
    store.setState(state => ({
      pending: state.pending.filter(file => file !== entry.file),
      ...(record.ok && {
        fetched: {
          ...state.fetched,
          [entry.file]: { id: entry.file, name: entry.label, group: entry.group, record: record.value },
        },
      }),
    }));
    if (!record.ok) fault(record.fault);
  };

  const choose = async (ids: readonly string[]): Promise<void> => {
    store.setState({ chosen: ids });
    const results = store.getState().results ?? [];
    const files = recordedOffers(results).flatMap(offer => (ids.includes(offer.id) ? offer.runIds : []));
    await Promise.all(results.filter(({ file }) => files.includes(file)).map(fetchOne));
  };

  const readIndex = async (): Promise<void> => {
    indexAsked = true;
    const index = await loadResultIndex(folder, get);
    if (!index.ok) fault(index.fault);
    store.setState({ results: index.ok ? index.value : [] });
    const { chosen } = store.getState();
    // One line cannot be compared: start with the recorded results.
    const [first] = recordedPicks(offersOf(store.getState()));
    if (first && chosen.length < 2) await choose(first.ids);
  };

  return {
    store,
    refresh,
    choose,
    async open() {
      refresh();
      if (store.getState().chosen.length === 0)
        store.setState(({ local }) => ({
          chosen: localOffers(local)
            .slice(0, MAX_GROUPS)
            .map(({ id }) => id),
        }));
      if (!indexAsked) await readIndex();
    },
    toggle: id => choose(toggled(store.getState().chosen, id)),
    async openFiles(files) {
      store.setState({ faults: [] });
      const before = new Set(localOffers(store.getState().local).map(({ id }) => id));
      for (const file of files) {
        const record = await readRunFile(file, NOT_COMPARED);
        if (!record.ok) fault(record.fault);
        else {
          const run = {
            id: `file ${crypto.randomUUID()}`,
            name: file.name,
            group: null,
            record: record.value,
          };
          store.setState(({ local }) => ({ local: [...local, run] }));
        }
      }
      const added = localOffers(store.getState().local).filter(({ id }) => !before.has(id));
      const chosen = added.reduce((ids, { id }) => toggled(ids, id), store.getState().chosen);
      store.setState({ chosen });
    },
    dismiss: () => store.setState({ faults: [] }),
  };
}
