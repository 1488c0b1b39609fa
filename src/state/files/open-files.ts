import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Fault } from '../../contract/errors.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import type { RunRecord } from '../../record/run-record.ts';
import type { ConstitutionActions } from '../constitution/constitution-store.ts';
import { entryOfRecord, labelOfFile } from '../run/opened-run.ts';
import type { PageActions } from '../page/page-store.ts';
import { RunData } from '../../record/run-data.ts';
import type { RunStore } from '../run/run-store.ts';

export interface OpenState {
  /** Why files were not opened, one for each. */
  readonly faults: readonly Fault[];
}

export interface OpenActions {
  readonly store: StoreApi<OpenState>;
  /** Opens dropped files: runs and bundles become runs of the page, all others go to the constitution's importer. */
  open(files: readonly File[]): Promise<void>;
  /** Opens files chosen as runs. */
  openRuns(files: readonly File[]): Promise<void>;
  dismiss(): void;
}

/** Bytes of a file used to detect its type. */
const HEAD = 4096;
/** Larger JSON files are not constitutions. */
const LARGEST_CONSTITUTION = 1024 * 1024;

type Route = 'run' | 'bundle' | 'constitution';

async function routeOf(file: File): Promise<Route> {
  if (/\.zip$/i.test(file.name)) return 'bundle';
  if (!/\.json$/i.test(file.name)) return 'constitution';
  if (file.size > LARGEST_CONSTITUTION) return 'run';
  try {
    return /"format"\s*:\s*"copsd-/.test(await file.slice(0, HEAD).text()) ? 'run' : 'constitution';
  } catch {
    // The importer reports what cannot be read.
    return 'constitution';
  }
}

/** The readers are loaded with the first file, not on a first visit. */
async function readRun(file: File): Promise<Outcome<RunRecord>> {
  if (/\.zip$/i.test(file.name)) return (await import('./bundle-read.ts')).readBundleFile(file);
  const { NOT_OPENED, readRunFile } = await import('../run/run-file.ts');
  return readRunFile(file, NOT_OPENED);
}

/** What files that come from outside become. */
export function createOpenActions(
  runs: RunStore,
  page: PageActions,
  constitutions: ConstitutionActions,
): OpenActions {
  const store = createStore<OpenState>(() => ({ faults: [] }));

  function show(file: File, record: RunRecord): void {
    const id = crypto.randomUUID();
    const label = labelOfFile(file.name);
    runs.add(entryOfRecord(id, label, 'opened', record), RunData.fromRecord(record));
    runs.store.setState({ shownId: id, milestone: `${label} is open.` });
    page.showPane('charts');
  }

  async function openRuns(files: readonly File[]): Promise<void> {
    store.setState({ faults: [] });
    for (const file of files) {
      const record = await readRun(file);
      if (record.ok) show(file, record.value);
      else store.setState(({ faults }) => ({ faults: [...faults, record.fault] }));
    }
  }

  return {
    store,
    openRuns,
    async open(files) {
      const routed = await Promise.all(files.map(async file => ({ file, route: await routeOf(file) })));
      const documents = routed.flatMap(({ file, route }) => (route === 'constitution' ? [file] : []));
      const runFiles = routed.flatMap(({ file, route }) => (route === 'constitution' ? [] : [file]));
      // A dialog would hide the result.
      if (documents.length > 0) page.open('constitution');
      else page.close();
      await Promise.all([
        runFiles.length > 0 && openRuns(runFiles),
        documents.length > 0 && constitutions.importFiles(documents),
      ]);
    },
    dismiss: () => store.setState({ faults: [] }),
  };
}
