import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Fault } from '../../contract/errors.ts';
import { clausesOff, figuresOf, findingOf, type Finding } from './findings.ts';
import { FRESH, NOTE_LENGTH, storedLesson, type Kept } from './kept.ts';
import { STEP_IDS, type StepId } from './link.ts';
import type { Direction, PredictionSpec, ReadingSpec } from './predictions.ts';
import { recordedAnswer } from './recorded.ts';
import { LESSON_STEPS, stepNumber, TRAINING_STEPS, type TrainingStep } from './steps.ts';
import type { Lab } from '../lab.ts';
import { showRecorded } from '../run/opened-run.ts';
import type { PageState } from '../page/page-store.ts';
import type { RunEntry } from '../run/run-store.ts';

export interface LessonState {
  readonly kept: Kept;
  /** Whether the browser takes what is to be kept. */
  readonly stored: boolean;
  /** The step whose recorded run is on its way. */
  readonly fetching: TrainingStep | null;
  readonly fault: Fault | null;
  /** The latest completion, for those who hear the page. */
  readonly announced: string;
}

export interface LessonActions {
  readonly store: StoreApi<LessonState>;
  /** Follows what is done in the page until the returned function is called. */
  watch(): () => void;
  go(step: StepId): void;
  predict(figure: PredictionSpec['figure'], direction: Direction): void;
  read(figure: ReadingSpec['figure'], value: number | null): void;
  note(step: StepId, text: string): void;
  /** Fetches the recorded run that answers a step and shows it in the page. */
  takeRecorded(step: TrainingStep): Promise<void>;
  /** Forgets all that was entered, written and found. */
  startOver(): void;
  dismissFault(): void;
}

/** Whether a run answers a step, by its settings. */
const ANSWERS: Readonly<Record<TrainingStep, (run: RunEntry) => boolean>> = {
  train: ({ config }) => config.recipe === 'opsd' && clausesOff(config).length === 0,
  ablate: ({ config }) => config.recipe === 'opsd' && clausesOff(config).length > 0,
  copsd: ({ config }) => config.recipe === 'copsd' || config.recipe === 'copsd-hybrid',
};

/**
 * The lesson: what a learner enters, and which steps the stores of the page say are done.
 * @param folder URL of the recorded results, with a slash at its end
 */
export function createLessonActions(
  { page, runs }: Pick<Lab, 'page' | 'runs'>,
  folder: string,
  get: typeof fetch = fetch,
): LessonActions {
  const before = storedLesson.read();
  const store = createStore<LessonState>(() => ({
    kept: before.value ?? FRESH,
    stored: before.allowed,
    fetching: null,
    fault: before.fault,
    announced: '',
  }));
  /** What had been done when the lesson was started over counts no more, nor do runs that a recorded one was taken instead of. */
  let learnerActionsBefore: PageState['learnerActions'] = {};
  let runsBefore: ReadonlySet<string> = new Set();

  function keep(change: Partial<Kept>): void {
    const kept = { ...store.getState().kept, ...change };
    store.setState({ kept, stored: storedLesson.write(kept) });
  }

  /** The run made last that has finished and answers the step. */
  function found(step: TrainingStep): Finding | null {
    const run = runs.store
      .getState()
      .runs.findLast(
        entry =>
          entry.origin !== 'recorded' &&
          entry.status === 'finished' &&
          !runsBefore.has(entry.id) &&
          ANSWERS[step](entry),
      );
    const known = store.getState().kept.findings[step];
    if (!run || run.id === known?.runId) return known;
    const named = { runId: run.id, label: run.label, recorded: run.origin === 'replay' };
    return findingOf(named, runs.data(run.id)) ?? known;
  }

  function observe(): void {
    const { findings } = store.getState().kept;
    const now = { train: found('train'), ablate: found('ablate'), copsd: found('copsd') };
    if (TRAINING_STEPS.some(step => now[step] !== findings[step])) keep({ findings: now });
    complete();
  }

  function complete(): void {
    const { kept } = store.getState();
    const { view, learnerActions } = page.store.getState();
    const since = {
      'highest-token': (learnerActions['highest-token'] ?? 0) - (learnerActionsBefore['highest-token'] ?? 0),
      exported: (learnerActions.exported ?? 0) - (learnerActionsBefore.exported ?? 0),
    };
    const facts = { ...kept, view, learnerActions: since };
    const fresh = LESSON_STEPS.filter(step => !kept.done.includes(step.id) && step.done(facts));
    if (fresh.length === 0) return;
    keep({ done: [...kept.done, ...fresh.map(({ id }) => id)] });
    const said = fresh.map(({ id, title }) => `Step ${stepNumber(id)}, ${title}, is done.`).join(' ');
    const all = store.getState().kept.done.length === STEP_IDS.length ? ' The lesson is complete.' : '';
    store.setState({ announced: said + all });
  }

  return {
    store,
    watch() {
      observe();
      const leave = [runs.store.subscribe(observe), page.store.subscribe(observe)];
      return () => leave.forEach(stop => stop());
    },
    go: step => keep({ step }),
    predict(figure, direction) {
      keep({ predictions: { ...store.getState().kept.predictions, [figure]: direction } });
      complete();
    },
    read(figure, value) {
      const { shownId } = runs.store.getState();
      const base = runs.data(shownId ?? '').base;
      const label = runs.entry(shownId)?.label ?? '';
      keep({
        readings: { ...store.getState().kept.readings, [figure]: value },
        ...(base && { baseline: { label, figures: figuresOf(base) } }),
      });
      complete();
    },
    note: (step, text) =>
      keep({ notes: { ...store.getState().kept.notes, [step]: text.slice(0, NOTE_LENGTH) } }),
    async takeRecorded(step) {
      if (store.getState().fetching) return;
      store.setState({ fetching: step, fault: null });
      const answer = await recordedAnswer(folder, step, get);
      store.setState({ fetching: null, fault: answer.ok ? null : answer.fault });
      if (!answer.ok) return;
      for (const { entry, record } of answer.value.runs) showRecorded(runs, entry, record);
      const over = runs.store.getState().runs.filter(({ status }) => status === 'finished');
      runsBefore = new Set([...runsBefore, ...over.map(({ id }) => id)]);
      keep({ findings: { ...store.getState().kept.findings, [step]: answer.value.finding } });
      complete();
    },
    startOver() {
      learnerActionsBefore = page.store.getState().learnerActions;
      runsBefore = new Set(runs.store.getState().runs.map(({ id }) => id));
      if (page.store.getState().view === 'geometry') page.showView('charts');
      store.setState({ fault: null, announced: '' });
      keep(FRESH);
    },
    dismissFault: () => store.setState({ fault: null }),
  };
}
