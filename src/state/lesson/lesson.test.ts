import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { fixtureRecord, WHOLE_LEVELS, type FixtureOptions } from '../../record/record-fixture.ts';
import { findingTable, readingGap, verdictsOf } from './figures.ts';
import { createLessonPlace, lessonHash } from './place.ts';
import { expectedRanges } from './recorded.ts';
import {
  LESSON_MINUTES,
  LESSON_STEPS,
  LESSON_TARGETS,
  PREDICTIONS,
  READINGS,
  STEP_IDS,
  TRAINED_STEPS,
  type StepId,
} from './steps.ts';
import { createLessonActions, FRESH, type LessonActions } from './lesson-store.ts';
import { createPageActions } from '../page/page-store.ts';
import { RunData } from '../../record/run-data.ts';
import { createRunStore, type RunOrigin } from '../run/run-store.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const FOLDER = 'http://localhost/runs/';
const CLAUSES = DEFAULT_CONFIG.constitution.clauses;
const HELP = {
  id: 'h',
  text: 'Help with harmless requests.',
  category: null,
  style: 'help',
  enabled: true,
} as const;
const helpful = { config: { constitution: { title: 'Helpful', clauses: [...CLAUSES, HELP] } } };
const withoutFirst = {
  config: { constitution: { title: 'Less', clauses: CLAUSES.map((c, i) => ({ ...c, enabled: i > 0 })) } },
};
const SITE: Record<string, unknown> = {
  'index.json': {
    runs: [
      { file: 'opsd-1.json', label: 'OPSD, seed 1', recipe: 'opsd', seed: 1, group: 'OPSD' },
      { file: 'opsd-2.json', label: 'OPSD, seed 2', recipe: 'opsd', seed: 2, group: 'OPSD' },
      { file: 'help-1.json', label: 'Helpful', recipe: 'opsd', seed: 1, group: 'OPSD, helpful constitution' },
      { file: 'copsd-1.json', label: 'COPSD, seed 1', recipe: 'copsd', seed: 1, group: 'COPSD' },
    ],
  },
  'opsd-1.json': fixtureRecord(),
  'opsd-2.json': fixtureRecord({ seed: 2 }),
  'help-1.json': fixtureRecord({ ...helpful, to: WHOLE_LEVELS }),
  'copsd-1.json': fixtureRecord({ recipe: 'copsd', to: WHOLE_LEVELS }),
};
const host =
  (files: Record<string, unknown>): typeof fetch =>
  async (url: unknown) => {
    const found = files[String(url).slice(FOLDER.length)];
    return found === undefined ? new Response('', { status: 404 }) : new Response(JSON.stringify(found));
  };

function memory(initial: Record<string, string> = {}) {
  const values = new Map(Object.entries(initial));
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

function setUp(storage = memory(), files = SITE) {
  vi.stubGlobal('localStorage', storage);
  const page = createPageActions();
  const runs = createRunStore();
  const lesson = createLessonActions({ page, runs }, FOLDER, host(files));
  lesson.watch();
  let made = 0;
  /** A run that has just finished. */
  const finish = (options: FixtureOptions, origin: RunOrigin = 'live'): void => {
    made += 1;
    const record = fixtureRecord(options);
    const id = `run-${made}`;
    const entry = { label: `Run ${made}`, origin, config: record.receipt.config, step: 40, activity: '' };
    runs.add({ id, ...entry, status: 'running', fault: null, requested: null }, RunData.fromRecord(record));
    runs.store.setState({ shownId: id });
    runs.patch(id, { status: 'finished' });
  };
  return { page, runs, lesson, finish, storage };
}
const trained = (name: StepId) => TRAINED_STEPS.find(({ id }) => id === name)!;
const done = ({ store }: LessonActions): readonly string[] => store.getState().kept.done;

describe('the steps', () => {
  it('are a class of 45 minutes with at most three sentences each', () => {
    expect(LESSON_MINUTES).toBe(45);
    expect(LESSON_STEPS.map(({ id }) => id)).toEqual(STEP_IDS);
    for (const { todo } of LESSON_STEPS) expect(todo.length).toBeLessThanOrEqual(3);
  });

  it('have something to answer, and lead to places that the page has', () => {
    for (const { id, predictions, readings, run, done: isDone } of LESSON_STEPS)
      expect(predictions ?? readings ?? run ?? isDone, id).toBeDefined();
    const ui = resolve('src/ui');
    const page = readdirSync(ui, { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.tsx'))
      .map(path => readFileSync(join(ui, path), 'utf8'))
      .join('\n');
    for (const target of LESSON_TARGETS) expect(page).toContain(`{...lessonTarget('${target}')}`);
  });

  it('complete on what is done, and say so', async () => {
    const { page, lesson, finish } = setUp();
    for (const figure of ['length', 'borderline', 'entropy'] as const) lesson.predict(figure, 'down');
    finish({});
    lesson.read('length', 44);
    expect(done(lesson)).toEqual(['predict', 'train']);
    lesson.read('borderline', 5);
    page.note('highest-token');
    finish(withoutFirst);
    finish({ recipe: 'copsd', to: WHOLE_LEVELS });
    page.showView('geometry');
    page.note('exported');
    expect([...done(lesson)].sort()).toEqual([...STEP_IDS].sort());
    expect(lesson.store.getState().announced).toBe('Step 8, Take it home, is done. The lesson is complete.');
    expect(lesson.store.getState().kept.findings.ablate?.without).toEqual([CLAUSES[0]?.text]);
  });

  it('take no run that was there to be looked at, but one that was replayed', () => {
    const { lesson, finish } = setUp();
    finish({}, 'recorded');
    expect(done(lesson)).toEqual([]);
    finish({}, 'replay');
    expect(done(lesson)).toEqual(['train']);
    expect(lesson.store.getState().kept.findings.train?.recorded).toBe(true);
  });
});

describe('recorded runs', () => {
  it('answer a step, are shown, and are called recorded', async () => {
    const { lesson, runs } = setUp();
    await lesson.takeRecorded(trained('train'));
    await lesson.takeRecorded(trained('ablate'));
    expect(done(lesson)).toEqual(['train', 'ablate']);
    const { findings } = lesson.store.getState().kept;
    expect(findings.ablate).toMatchObject({ recorded: true, without: [HELP.text], label: 'OPSD, seed 1' });
    expect(findings.ablate?.withClause?.length).toBeCloseTo(43.5, 5);
    expect(runs.entry(runs.store.getState().shownId)?.label).toBe('OPSD, seed 1');
    expect(findingTable(trained('ablate'), findings)?.columns.slice(1)).toEqual([
      'Base',
      'With clause',
      'Without',
    ]);
  });

  it('stay the answer when they are requested for after a run of one’s own, until the next', async () => {
    const { page, lesson, finish } = setUp();
    finish({});
    await lesson.takeRecorded(trained('train'));
    page.showView('tokens');
    const recorded = (): unknown => lesson.store.getState().kept.findings.train?.recorded;
    expect(recorded()).toBe(true);
    finish({});
    expect(recorded()).toBe(false);
  });

  it('that are missing are a fault, and the step stays open', async () => {
    const { lesson } = setUp(memory(), { 'index.json': { runs: [] } });
    await lesson.takeRecorded(trained('copsd'));
    expect(lesson.store.getState()).toMatchObject({ fetching: null, fault: { code: 'E_LESSON_RECORDED' } });
    expect(done(lesson)).toEqual([]);
  });

  it('give the ranges of the teacher’s page', async () => {
    const ranges = await expectedRanges(FOLDER, host(SITE));
    if (!ranges.ok) throw new Error(ranges.fault.message);
    const train = ranges.value.find(({ step }) => step === 'train');
    expect(train).toMatchObject({ who: 'OPSD', runs: 2 });
    expect(train?.figures[0]).toEqual({ name: 'Length, benign (tokens)', range: '22.5 to 23.0' });
    expect(ranges.value.some(({ who }) => who === `OPSD with “${HELP.text}”`)).toBe(true);
  });
});

describe('what is kept', () => {
  it('comes back, and can be started over', () => {
    const { lesson, page, finish, storage } = setUp();
    lesson.predict('length', 'down');
    lesson.note('predict', 'x'.repeat(3000));
    lesson.go('train');
    finish({});
    page.note('exported');
    const again = setUp(storage).lesson;
    expect(again.store.getState().kept).toEqual(lesson.store.getState().kept);
    expect(again.store.getState().kept.notes.predict).toHaveLength(2000);
    lesson.startOver();
    finish({}, 'recorded');
    expect(lesson.store.getState().kept).toMatchObject({ step: 'predict', done: [], notes: {} });
  });

  it('opens as an earlier version of the page wrote it, with each part of a step that was open', () => {
    const value = {
      step: 'token',
      done: ['predict'],
      predictions: { length: 'down', borderline: 'up', entropy: null },
      readings: { length: null, borderline: 4.5 },
      baseline: null,
      notes: { predict: 'a thought' },
      findings: { train: null, ablate: null, copsd: null },
    };
    const { lesson } = setUp(memory({ 'copsd-lesson': JSON.stringify({ version: 1, value }) }));
    expect(lesson.store.getState()).toMatchObject({ kept: value, fault: null });
  });

  it('is refused where a reading is out of range', () => {
    const value = { ...FRESH, readings: { borderline: 150 } };
    const { lesson } = setUp(memory({ 'copsd-lesson': JSON.stringify({ version: 1, value }) }));
    expect(lesson.store.getState()).toMatchObject({ kept: FRESH, fault: { code: 'E_LESSON_KEPT' } });
  });

  it('is put aside where it cannot be read', () => {
    const storage = memory({ 'copsd-lesson': '{"version": 9}' });
    const { lesson } = setUp(storage);
    expect(lesson.store.getState().fault?.code).toBe('E_LESSON_KEPT');
    expect(storage.values.get('copsd-lesson-unread')).toBe('{"version": 9}');
  });

  it('is said not to be kept where the browser takes nothing', () => {
    const { lesson } = setUp({
      ...memory(),
      setItem: () => {
        throw new Error('full');
      },
    });
    lesson.note('predict', 'a thought');
    expect(lesson.store.getState()).toMatchObject({
      stored: false,
      kept: { notes: { predict: 'a thought' } },
    });
  });
});

describe('predictions and readings', () => {
  it('stand beside what the run did', () => {
    const { lesson, finish } = setUp();
    finish({});
    lesson.read('length', 40);
    lesson.read('borderline', 7);
    const { findings, readings, baseline } = lesson.store.getState().kept;
    const verdicts = verdictsOf(PREDICTIONS, { length: 'down', borderline: 'down' }, findings.train!);
    expect(verdicts.map(({ predicted, moved }) => [predicted, moved])).toEqual([
      ['down', 'down'],
      ['down', 'up'],
      [null, 'down'],
    ]);
    expect(READINGS.map(spec => readingGap(spec, readings, baseline!.figures))).toEqual([4, 2]);
  });
});

describe('links', () => {
  it('open a step, with or without controls', () => {
    const faults: string[] = [];
    const place = createLessonPlace(({ code }) => faults.push(code));
    place.follow('#share=1.abc');
    expect(place.store.getState().open).toBe(false);
    place.follow(lessonHash({ step: 3, controlsHidden: true }));
    expect(place.store.getState()).toMatchObject({
      open: true,
      byLink: true,
      requested: { step: 3 },
      controlsHidden: true,
    });
    place.follow('#lesson=three');
    place.follow('#lesson=2&controls=gone');
    expect(faults).toEqual(['E_LINK_LESSON', 'E_LINK_LESSON']);
    expect(place.store.getState().requested).toEqual({ step: 3 });
    place.follow('#lesson=9');
    place.refuse(LESSON_STEPS.length);
    expect(faults).toHaveLength(3);
    expect(place.store.getState()).toMatchObject({ open: true, controlsHidden: true, requested: null });
    place.showControls();
    place.close();
    expect(place.store.getState()).toMatchObject({ open: false, begun: true, controlsHidden: false });
    place.follow('#lesson=9');
    place.refuse(LESSON_STEPS.length);
    expect(place.store.getState()).toMatchObject({ open: false, controlsHidden: false });
    place.follow('#lesson=8');
    expect(place.store.getState()).toMatchObject({ requested: { step: 8 }, controlsHidden: false });
  });
});
