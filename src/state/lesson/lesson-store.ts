import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Fault } from '../../contract/errors.ts';
import type { LearnerAction, PageActions, PageState } from '../page/page-store.ts';
import { storedValue } from '../page/stored-value.ts';
import { showRecorded } from '../run/opened-run.ts';
import type { RunStore } from '../run/run-store.ts';
import {
  DIRECTIONS,
  FIGURES,
  figuresOf,
  figuresSchema,
  findingOf,
  findingSchema,
  type Direction,
  type FigureId,
  type Finding,
} from './figures.ts';
import { recordedAnswer } from './recorded.ts';
import {
  LESSON_STEPS,
  READINGS,
  STEP_IDS,
  stepNumber,
  TRAINED_STEPS,
  type LessonFacts,
  type NamedStep,
  type StepId,
  type TrainedStep,
} from './steps.ts';

/** Most characters of one note. */
export const NOTE_LENGTH = 2000;

const stepId = z.enum(STEP_IDS);
/** By figure: a reading lies within the bounds of its specification. */
const readings = z
  .partialRecord(z.enum(FIGURES), z.number().min(0).nullable())
  .refine(
    read => READINGS.every(({ figure, most }) => (read[figure] ?? 0) <= most),
    'a reading is too large',
  );
// What no step asks for is absent, so that a step more or less leaves what is kept readable.
const keptSchema = z.strictObject({
  step: stepId,
  done: z.array(stepId).max(STEP_IDS.length),
  predictions: z.partialRecord(z.enum(FIGURES), z.enum(DIRECTIONS).nullable()),
  readings,
  /** The base that the readings were taken of. */
  baseline: z.strictObject({ label: z.string().max(300), figures: figuresSchema }).nullable(),
  notes: z.partialRecord(stepId, z.string().max(NOTE_LENGTH)),
  findings: z.partialRecord(stepId, findingSchema.nullable()),
});

/** A learner's lesson as it is kept in the browser. */
export type Kept = z.infer<typeof keptSchema>;

export const FRESH: Kept = {
  step: STEP_IDS[0],
  done: [],
  predictions: {},
  readings: {},
  baseline: null,
  notes: {},
  findings: {},
};

const storedLesson = storedValue<Kept>({
  key: 'copsd-lesson',
  version: 1,
  schema: keptSchema,
  code: 'E_LESSON_KEPT',
  what: 'the lesson that this browser keeps',
  consequence: 'The lesson starts over.',
  nextStep: 'Go through the lesson again, or restore the text by hand.',
});

/** Whether every part that a step has is answered. */
function isDone(
  { id, predictions = [], readings: asked = [], run, done }: NamedStep,
  kept: Kept,
  facts: LessonFacts,
) {
  return (
    predictions.every(({ figure }) => kept.predictions[figure]) &&
    asked.every(({ figure }) => (kept.readings[figure] ?? null) !== null) &&
    (!run || Boolean(kept.findings[id])) &&
    (!done || done(facts))
  );
}

export interface LessonState {
  readonly kept: Kept;
  /** Whether the browser takes what is to be kept. */
  readonly stored: boolean;
  /** The step whose recorded run is on its way. */
  readonly fetching: StepId | null;
  readonly fault: Fault | null;
  /** The latest completion, for screen readers. */
  readonly announced: string;
}

export interface LessonActions {
  readonly store: StoreApi<LessonState>;
  /** Follows what is done in the page until the returned function is called. */
  watch(): () => void;
  go(step: StepId): void;
  predict(figure: FigureId, direction: Direction): void;
  read(figure: FigureId, value: number | null): void;
  note(step: StepId, text: string): void;
  /** Fetches the recorded run that answers a step and shows it in the page. */
  takeRecorded(step: TrainedStep): Promise<void>;
  /** Forgets all that was entered, written and found. */
  startOver(): void;
  dismissFault(): void;
}

/**
 * The lesson: what a learner enters, and which steps the stores of the page say are done.
 * @param folder URL of the recorded results, with a slash at its end
 */
export function createLessonActions(
  { page, runs }: { readonly page: PageActions; readonly runs: RunStore },
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
  let actionsBefore: PageState['learnerActions'] = {};
  let runsBefore: ReadonlySet<string> = new Set();

  function keep(change: Partial<Kept>): void {
    const kept = { ...store.getState().kept, ...change };
    store.setState({ kept, stored: storedLesson.write(kept) });
  }

  /** The run made last that has finished and answers the step. */
  function found({ id, run: { answers } }: TrainedStep): Finding | null {
    const run = runs.store
      .getState()
      .runs.findLast(
        entry =>
          entry.origin !== 'recorded' &&
          entry.status === 'finished' &&
          !runsBefore.has(entry.id) &&
          answers(entry.config),
      );
    const known = store.getState().kept.findings[id] ?? null;
    if (!run || run.id === known?.runId) return known;
    const named = { runId: run.id, label: run.label, recorded: run.origin === 'replay' };
    return findingOf(named, runs.data(run.id)) ?? known;
  }

  function observe(): void {
    const { findings } = store.getState().kept;
    const fresh = TRAINED_STEPS.map(step => [step.id, found(step)] as const).filter(
      ([id, finding]) => finding !== (findings[id] ?? null),
    );
    if (fresh.length > 0) keep({ findings: { ...findings, ...Object.fromEntries(fresh) } });
    complete();
  }

  function complete(): void {
    const { kept } = store.getState();
    const { view, learnerActions } = page.store.getState();
    const since = (action: LearnerAction): number =>
      (learnerActions[action] ?? 0) - (actionsBefore[action] ?? 0);
    const facts = { view, since };
    const fresh = LESSON_STEPS.filter(step => !kept.done.includes(step.id) && isDone(step, kept, facts));
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
      store.setState({ fetching: step.id, fault: null });
      const answer = await recordedAnswer(folder, step, get);
      store.setState({ fetching: null, fault: answer.ok ? null : answer.fault });
      if (!answer.ok) return;
      for (const { entry, record } of answer.value.runs) showRecorded(runs, entry, record);
      const over = runs.store.getState().runs.filter(({ status }) => status === 'finished');
      runsBefore = new Set([...runsBefore, ...over.map(({ id }) => id)]);
      keep({ findings: { ...store.getState().kept.findings, [step.id]: answer.value.finding } });
      complete();
    },
    startOver() {
      actionsBefore = page.store.getState().learnerActions;
      runsBefore = new Set(runs.store.getState().runs.map(({ id }) => id));
      if (page.store.getState().view === 'geometry') page.showView('charts');
      store.setState({ fault: null, announced: '' });
      keep(FRESH);
    },
    dismissFault: () => store.setState({ fault: null }),
  };
}
