import { detectGpu } from '../client/gpu-support.ts';
import { createKeptClient } from '../client/kept-client.ts';
import { createLabClient, type LabClient } from '../client/lab-client.ts';
import type { KeptApi } from '../protocol/kept-runs.ts';
import type { RunRecord } from '../record/run-record.ts';
import { createConfigStore, type ConfigStore } from './setup/config-store.ts';
import { createConstitutionActions, type ConstitutionActions } from './constitution/constitution-store.ts';
import { importConstitutionSource } from './constitution/constitution-importer.ts';
import { createCrossedActions, type CrossedActions } from './crossed/crossed-actions.ts';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import { createKeptRuns, type KeptRuns } from './kept/kept-runs.ts';
import { createKeptTeachers, type KeptTeachers } from './crossed/kept-teachers.ts';
import { createLinkActions, type LinkActions } from './share/link-store.ts';
import { createLessonPlace, type LessonPlace } from './lesson/place.ts';
import { settingsFromLink } from './share/link-settings.ts';
import { loadRecordedRun } from './run/recorded-run.ts';
import { createModelActions, type ModelActions } from './models/model-store.ts';
import { createOwnConstitutions, type OwnConstitutions } from './constitution/own-constitutions.ts';
import { createOpenActions, type OpenActions } from './files/open-files.ts';
import { entryOfRecord } from './run/opened-run.ts';
import { createPageActions, type PageActions } from './page/page-store.ts';
import { createRunController, type RunController, type WorkerSource } from './run/run-controller.ts';
import { RunData } from '../record/run-data.ts';
import { createRunStore, isActive, RECORDED_ID, type RunStore } from './run/run-store.ts';
import { createReviewActions, type ReviewActions } from './samples/sample-review.ts';
import { keepSettings, storedSettings } from './setup/stored-settings.ts';
import { createTeacherActions, type TeacherActions } from './models/teacher-store.ts';
import { createWriterLock, type WriterLock } from './kept/writer-lock.ts';

/** All state of the page, and all actions on it. */
export interface Lab {
  readonly page: PageActions;
  readonly runs: RunStore;
  readonly config: ConfigStore;
  readonly constitutions: ConstitutionActions;
  readonly ownConstitutions: OwnConstitutions;
  readonly controls: RunController;
  readonly crossed: CrossedActions;
  readonly kept: KeptTeachers;
  readonly teachers: TeacherActions;
  readonly models: ModelActions;
  readonly review: ReviewActions;
  readonly links: LinkActions;
  readonly files: OpenActions;
  readonly lesson: LessonPlace;
  readonly keptRuns: KeptRuns;
  readonly writer: WriterLock;
}

export interface LabOptions {
  /** The page's query string: may carry settings. */
  readonly query: string;
  readonly createClient?: WorkerSource['create'];
  readonly keptClient?: KeptApi;
}

export function createLab({ query, createClient, keptClient = createKeptClient() }: LabOptions): Lab {
  const page = createPageActions();
  const runs = createRunStore();
  const link = settingsFromLink(query, DEFAULT_CONFIG);
  const stored = link.set ? null : storedSettings.read();
  const own = createOwnConstitutions();
  const review = createReviewActions();
  const refused = link.fault ?? stored?.fault ?? own.unread ?? review.unread;
  if (refused) runs.store.setState({ notice: refused });
  const config = createConfigStore(
    stored?.value ?? link.config,
    link.set || Boolean(stored?.value),
    DEFAULT_CONFIG,
  );
  keepSettings(config);
  const create = createClient ?? ((onEvents, onDeath): LabClient => createLabClient({ onEvents, onDeath }));
  const controls = createRunController(runs, config, create);
  const constitutions = createConstitutionActions(config, importConstitutionSource, controls.client, own);
  const crossed = createCrossedActions(runs, controls.client);
  const kept = createKeptTeachers(runs, controls.client);
  const teachers = createTeacherActions(config, controls.client);
  const models = createModelActions(config, controls.client);
  const keptRuns = createKeptRuns(runs, page, controls, keptClient);
  const writer = createWriterLock(runs, { busy: () => isActive(runs.current()) });
  const links = createLinkActions(page, runs, config);
  const files = createOpenActions(runs, page, constitutions);
  const lesson = createLessonPlace(notice => runs.store.setState({ notice }));
  return {
    page,
    runs,
    config,
    constitutions,
    controls,
    crossed,
    kept,
    teachers,
    models,
    review,
    ownConstitutions: own,
    links,
    files,
    lesson,
    keptRuns,
    writer,
  };
}

/** Puts a recorded run into the page: drawn at once, its settings those of the next run. */
export function showRecordedRun({ runs, config }: Lab, record: RunRecord): void {
  runs.add(entryOfRecord(RECORDED_ID, 'Recorded run', 'recorded', record), RunData.fromRecord(record));
  runs.store.setState(({ shownId }) => ({ shownId: shownId ?? RECORDED_ID }));
  config.adopt(record.receipt.config);
}

/** What the page does when it opens: looks for a GPU and fetches the recorded run. */
export async function openLab(lab: Lab, recordUrl: string): Promise<void> {
  const gpu = detectGpu().then(found => lab.runs.store.setState({ gpu: found }));
  const recorded = await loadRecordedRun(recordUrl);
  if (recorded.ok) showRecordedRun(lab, recorded.value);
  else lab.runs.store.setState({ notice: recorded.fault });
  await Promise.all([gpu, lab.keptRuns.open()]);
}
