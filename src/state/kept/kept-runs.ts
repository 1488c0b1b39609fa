import { createStore, type StoreApi } from 'zustand/vanilla';
import { z } from 'zod';
import type { Fault } from '../../contract/errors.ts';
import type { KeptApi, KeptList, KeptRun } from '../../protocol/kept-runs.ts';
import type { PageActions } from '../page/page-store.ts';
import type { RunController } from '../run/run-controller.ts';
import { RunData } from '../../record/run-data.ts';
import { askToStay } from '../page/persistent-storage.ts';
import { isActive, KEPT_RUNS, type RunEntry, type RunStore } from '../run/run-store.ts';
import { storedValue } from '../page/stored-value.ts';

export interface KeptState {
  /** As last read; null before that. */
  readonly list: KeptList | null;
  /** The run of the page that was interrupted last, as long as nobody has dealt with it. */
  readonly interruptedId: string | null;
  readonly busy: boolean;
  readonly fault: Fault | null;
}

/** Runs that survive a reload. */
export interface KeptRuns {
  readonly store: StoreApi<KeptState>;
  /** Puts the latest kept runs among the page’s, where this browser has kept any; nothing runs by itself. */
  open(): Promise<void>;
  refresh(): Promise<void>;
  /** Reads the figures of a run of the page, if they were not read before; false where they cannot be. */
  read(id: string): Promise<boolean>;
  /** Draws a run. */
  show(id: string): Promise<void>;
  /** Resumes a run from its last checkpoint. */
  resume(id: string): Promise<void>;
  /** Deletes runs of this browser, and takes them from the page. */
  remove(ids: readonly string[]): Promise<void>;
  dismiss(): void;
}

/** Whether this browser has ever kept a run: a first visit starts no thread to look. */
const anyKept = storedValue<boolean>({
  key: 'copsd-lab.kept-runs',
  version: 1,
  schema: z.boolean(),
  what: 'the note that runs are kept',
  consequence: 'The page looks for runs all the same.',
  nextStep: 'Nothing needs to be done: the next run writes it again.',
});

function entryOf({ id, label, status, step, resumableStep, config }: KeptRun): RunEntry {
  return {
    id,
    label,
    origin: 'live',
    config,
    step,
    activity: '',
    fault: null,
    requested: null,
    status: status === 'going' ? 'stopped' : status,
    kept: { step: resumableStep, interrupted: status === 'going', unread: true },
  };
}

export function createKeptRuns(
  runs: RunStore,
  page: PageActions,
  controls: Pick<RunController, 'resumeKept' | 'show'>,
  client: KeptApi,
): KeptRuns {
  const store = createStore<KeptState>(() => ({
    list: null,
    interruptedId: null,
    busy: false,
    fault: null,
  }));
  const refuse = (fault: Fault): void => store.setState({ fault });
  const reading = new Map<string, Promise<boolean>>();

  async function refresh(): Promise<void> {
    const outcome = await client.keptRuns();
    if (outcome.ok) store.setState({ list: outcome.value });
    else refuse(outcome.fault);
  }

  /** Reads the list, where there is one, and finds the run that was interrupted last. */
  async function look(): Promise<void> {
    const { value, fault } = anyKept.read();
    if (!value && !fault) return;
    await refresh();
    const interrupted = store
      .getState()
      .list?.runs.find(({ id, status }) => status === 'going' && !isActive(runs.entry(id)));
    store.setState({ interruptedId: interrupted?.id ?? null });
  }

  /** Reads the figures of a run that has none yet. */
  async function fetchFigures(id: string): Promise<boolean> {
    const outcome = await client.keptRecord(id);
    const entry = runs.entry(id);
    if (!outcome.ok) {
      runs.store.setState({ notice: outcome.fault });
      return false;
    }
    if (!entry?.kept?.unread) return true;
    const { value: record, skipped } = outcome.value;
    const step = record.steps.at(-1)?.step ?? 0;
    const kept = { ...entry.kept, unread: false };
    runs.put({ ...entry, step, fault: record.fault ?? null, kept }, RunData.fromRecord(record));
    if (skipped) runs.store.setState({ notice: skipped });
    return true;
  }

  function read(id: string): Promise<boolean> {
    if (!runs.entry(id)?.kept?.unread) return Promise.resolve(true);
    const requested = reading.get(id) ?? fetchFigures(id).finally(() => reading.delete(id));
    reading.set(id, requested);
    return requested;
  }

  // Wherever a run comes to be drawn from: a tab, a comparison.
  runs.store.subscribe(({ shownId, currentId, readOnly, runs: entries }, before) => {
    if (before.readOnly && !readOnly) void look();
    if (shownId !== null && shownId !== before.shownId) void read(shownId);
    const current = entries.find(({ id }) => id === currentId);
    const known = before.runs.find(({ id }) => id === currentId);
    if (!current?.kept || current.kept === known?.kept) return;
    anyKept.write(true);
    // There is something that would be lost now.
    askToStay();
    if (page.store.getState().opened === 'kept') void refresh();
  });
  page.store.subscribe(({ opened }, before) => {
    if (opened === 'compare' && before.opened !== 'compare')
      for (const { id } of runs.store.getState().runs) void read(id);
  });

  /** Puts a run of the list among the page’s, if it is not there. */
  function place(id: string): void {
    if (runs.entry(id)) return;
    const kept = store.getState().list?.runs.find(run => run.id === id);
    if (kept) runs.add(entryOf(kept), new RunData());
  }

  return {
    store,
    refresh,
    read,
    async open() {
      await look();
      const found = store.getState().list?.runs ?? [];
      const own = runs.store.getState().runs.length;
      for (const { id } of found.slice(0, Math.max(0, KEPT_RUNS - own + 1)).reverse()) place(id);
    },
    async show(id) {
      place(id);
      controls.show(id);
      await read(id);
    },
    async resume(id) {
      place(id);
      const { currentId } = runs.store.getState();
      // Whoever has started another run while its figures were read wants that one.
      if (!(await read(id)) || runs.store.getState().currentId !== currentId) return;
      store.setState(({ interruptedId }) => ({ interruptedId: interruptedId === id ? null : interruptedId }));
      controls.resumeKept(id);
    },
    async remove(ids) {
      store.setState({ busy: true, fault: null });
      for (const id of ids) {
        if (isActive(runs.entry(id))) continue;
        const outcome = await client.deleteKept(id);
        if (!outcome.ok) refuse(outcome.fault);
        else runs.drop(id);
        if (store.getState().interruptedId === id) store.setState({ interruptedId: null });
      }
      await refresh();
      store.setState({ busy: false });
      if (store.getState().list?.runs.length === 0) anyKept.write(null);
    },
    dismiss: () => store.setState({ fault: null }),
  };
}
