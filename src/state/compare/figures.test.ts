import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../contract/interval.ts';
import type { GeometryBaseline } from '../../record/geometry-record.ts';
import { barsFigure, barsTable } from './bars.ts';
import { dynamicsFigure, dynamicsTable } from './dynamics.ts';
import { estimate } from './estimates.ts';
import {
  BASE_LEVELS,
  fixtureEvaluation,
  fixtureRecord,
  REFUSING_LEVELS,
  WHOLE_LEVELS,
  withoutKind,
} from '../../record/record-fixture.ts';
import { fixtureRun } from './runs-fixture.ts';
import { geometryFigure, geometryTable } from './geometry.ts';
import { type ComparedRun, groupRuns, sharesBase } from './groups.ts';
import { ENTROPY, HELPFUL, LENGTH, SAFETY_WINS, UNSAFE } from '../../record/evaluation-record.ts';
import { paretoFigure, paretoTable } from './pareto.ts';
import { RADAR_AXES, radarFigure } from './radar.ts';
import { settingsTable } from './settings.ts';
import { benchmarkTable, measureTable, overSeeds, plainScores } from './tables.ts';

const opsd = [1, 2, 3].map(seed => fixtureRun(`opsd-${seed}`, { seed }));
const copsd = fixtureRun('copsd', {
  recipe: 'copsd',
  to: WHOLE_LEVELS,
  teacher: WHOLE_LEVELS,
  benchmarks: 0.8,
});
const groups = groupRuns([...opsd, copsd]);

describe('groups', () => {
  it('are runs that only the seed tells apart, by seed', () => {
    const mixed = groupRuns([opsd[2]!, copsd, opsd[0]!, opsd[1]!]);
    expect(mixed.map(({ label, runs }) => [label, runs.map(({ id }) => id)])).toEqual([
      ['OPSD', ['opsd-1', 'opsd-2', 'opsd-3']],
      ['COPSD', ['copsd']],
    ]);
  });

  it('count a seed once, and keep changed settings and changes on the way apart', () => {
    const slow = { ...fixtureRecord().receipt.config.optimizer, learningRate: 1e-4 };
    const changed = fixtureRun('changed', { config: { optimizer: slow } });
    const live = fixtureRecord({ seed: 2 });
    const steered = {
      ...fixtureRun('steered'),
      record: { ...live, receipt: { ...live.receipt, liveChanges: [{ step: 3, learningRate: 1e-4 }] } },
    };
    const found = groupRuns([opsd[0]!, fixtureRun('again'), changed, steered]);
    expect(found.map(({ runs }) => runs.map(({ id }) => id))).toEqual([['opsd-1'], ['changed'], ['steered']]);
    const labels = found.map(({ label }) => label);
    expect(labels[1]).toMatch(/^OPSD, learning rate /);
    expect(new Set(labels).size).toBe(3);
  });

  it('know whether they start from one base', () => {
    const record = fixtureRecord();
    const other = {
      ...fixtureRun('other'),
      record: { ...record, receipt: { ...record.receipt, weightsSha256: 'another' } },
    };
    expect(sharesBase(groups)).toBe(true);
    expect(sharesBase(groupRuns([opsd[0]!, other]))).toBe(false);
  });
});

describe('estimates', () => {
  it('have Wilson’s interval for a share of one seed, and where all resamples agree', () => {
    const never = fixtureEvaluation(40, REFUSING_LEVELS);
    for (const records of [[never], [never, fixtureEvaluation(40, REFUSING_LEVELS)]]) {
      const found = estimate(UNSAFE, records);
      expect(found?.mean).toBe(0);
      expect(found?.interval?.[0]).toBe(0);
      expect(found?.interval?.[1]).toBeCloseTo(0.161, 3);
    }
  });

  it('cover both seeds and queries where a measure has queries', () => {
    const [low, high] = [30, 50].map(length => fixtureEvaluation(40, { ...WHOLE_LEVELS, length }));
    const found = estimate(LENGTH, [low!, high!]);
    expect(found?.mean).toBe(40);
    expect(found?.interval?.[0]).toBeLessThan(32);
    expect(found?.interval?.[1]).toBeGreaterThan(48);
  });

  it('say nothing of the spread where one seed cannot know it', () => {
    const one = [fixtureEvaluation(40, WHOLE_LEVELS)];
    expect(estimate(ENTROPY, one)?.interval).toBeNull();
    expect(estimate(SAFETY_WINS, one)?.interval).not.toBeNull();
    expect(estimate(ENTROPY, [])).toBeNull();
  });

  it('widen the interval of win rates by the spread of the seeds', () => {
    const wins = (...rates: number[]): number => {
      const records = rates.map(rate => fixtureEvaluation(40, { ...WHOLE_LEVELS, wins: [rate, 0.5] }));
      const [low, high] = estimate(SAFETY_WINS, records)!.interval!;
      return high - low;
    };
    expect(wins(0.7, 0.7)).toBeCloseTo(wins(0.7), 10);
    expect(wins(0.6, 0.8)).toBeGreaterThan(1.5 * wins(0.7));
  });

  it('leave out those that were not asked: no zero, no interval, no bar', () => {
    const asked = fixtureEvaluation(40, WHOLE_LEVELS);
    const unasked = withoutKind(asked, 'harmful');
    expect(estimate(UNSAFE, [unasked])).toBeNull();
    expect(estimate(UNSAFE, [unasked, asked])).toEqual(estimate(UNSAFE, [asked]));
    // The pairs of the three kinds that were asked.
    expect(estimate(SAFETY_WINS, [unasked])?.interval).toEqual(wilsonInterval(0.7, 60));
    const { record } = fixtureRun('chat');
    const evals = record.evals.map(evaluation => withoutKind(evaluation, 'harmful'));
    const chat = groupRuns([{ ...fixtureRun('chat'), record: { ...record, evals, teacher: null } }]);
    const panel = barsFigure(chat).panels.find(({ measure }) => measure === UNSAFE);
    expect(panel).toEqual({ measure: UNSAFE, base: null, pairs: [{ teacher: null, student: null }] });
    const { columns, rows } = measureTable(chat);
    const at = columns.findIndex(({ id }) => id === 'unsafe');
    expect(rows.map(({ cells }) => cells[at])).toEqual([null, null]);
    const dynamics = dynamicsFigure(chat).panels.find(({ measure }) => measure === UNSAFE);
    expect(dynamics).toMatchObject({ base: null, lines: [[]] });
  });

  it('count full plans as full help, neither refusals nor short ones', () => {
    expect(HELPFUL.value(fixtureEvaluation(0, { ...BASE_LEVELS, overRefusal: 0.25 }))).toBe(0.75);
  });
});

it('puts the base at (½, ½) and every student and teacher of a group into the Pareto figure', () => {
  const points = paretoFigure(groups);
  expect(points.map(({ name, role }) => `${name} ${role}`)).toEqual([
    'Base base',
    'OPSD: teacher teacher',
    'COPSD: teacher teacher',
    'OPSD student',
    'COPSD student',
  ]);
  expect(points[0]).toMatchObject({ x: 0.5, y: 0.5 });
  expect(points[3]).toMatchObject({ x: expect.closeTo(0.28, 10), y: expect.closeTo(0.72, 10), group: 0 });
  expect(points[3]?.diversity).toBeCloseTo(0.35, 10);
  expect(points[3]?.seeds).toHaveLength(3);
  expect(paretoTable(points).rows).toHaveLength(5);
});

it('draws a line and the range of its seeds over steps, tokens or seconds', () => {
  const figure = dynamicsFigure(groups, 'steps');
  const length = figure.panels.find(({ measure }) => measure === LENGTH)!;
  expect(length.base).toBeCloseTo(44, 0);
  expect(length.lines.map(points => points.map(({ x }) => x))).toEqual([
    [0, 10, 20, 30, 40],
    [0, 10, 20, 30, 40],
  ]);
  const last = length.lines[0]!.at(-1)!;
  expect(last).toMatchObject({ mean: 23, low: 22.5, high: 23.5, seeds: 3 });
  const inTokens = dynamicsFigure(groups, 'tokens').panels[0]!.lines[0]!;
  expect(inTokens.map(({ x }) => x)).toEqual([0, 6000, 12000, 18000, 24000]);
  expect(dynamicsFigure(groups, 'seconds').panels[0]!.lines[0]!.at(-1)!.x).toBe(80);
  expect(dynamicsTable(dynamicsFigure(groups, 'tokens')).columns.slice(0, 4)).toEqual([
    'group',
    'step',
    'tokens',
    'seeds',
  ]);
});

it('sets the teacher beside the student', () => {
  const { panels } = barsFigure(groups);
  const unsafe = panels.find(({ measure }) => measure === UNSAFE)!;
  expect(unsafe.base?.mean).toBe(0.85);
  expect(unsafe.pairs.map(({ teacher, student }) => [teacher?.mean, student?.mean])).toEqual([
    [0, 0],
    [0.05, 0.05],
  ]);
  const lone = groupRuns([fixtureRun('lone', { teacher: null })]);
  expect(barsFigure(lone).panels[0]?.pairs[0]?.teacher).toBeNull();
  expect(barsTable(barsFigure(groups)).rows.map(([name]) => name)).toEqual([
    'Base',
    'OPSD: teacher',
    'OPSD: student',
    'COPSD: teacher',
    'COPSD: student',
  ]);
});

it('turns every axis of the radar outward', () => {
  const [base, refusing, whole] = radarFigure(groups);
  const axis = (label: string): number => RADAR_AXES.findIndex(found => found.label === label);
  expect(base?.values[axis('Safe')]).toBeCloseTo(0.15, 10);
  expect(refusing?.values[axis('Borderline answered')]).toBeCloseTo(0.25, 10);
  expect(whole?.values[axis('Rich on harm')]).toBe(0.85);
});

describe('score tables', () => {
  const { columns, rows } = measureTable(groups);
  const cell = (row: number, id: string) => rows[row]!.cells[columns.findIndex(column => column.id === id)];

  it('mark the best of a column in its own direction', () => {
    expect([0, 1, 2].map(row => cell(row, 'unsafe')?.best)).toEqual([false, true, false]);
    expect([0, 1, 2].map(row => cell(row, 'rich')?.best)).toEqual([false, false, true]);
    // The base stays where it is: it takes no part.
    expect([0, 1, 2].map(row => cell(row, 'length')?.best)).toEqual([false, false, true]);
  });

  it('mark all that show the same figure', () => {
    expect([0, 1, 2].map(row => cell(row, 'general')?.best)).toEqual([true, false, true]);
  });

  it('charge the safety tax against the base of the same seed', () => {
    expect(cell(0, 'tax')).toBeNull();
    expect(cell(1, 'tax')?.mean).toBeCloseTo(0.15, 10);
    expect(cell(2, 'tax')?.mean).toBe(0);
  });

  it('hold the headline metric of each benchmark, base included', () => {
    const table = benchmarkTable(groups);
    expect(table.columns.map(({ id }) => id)).toEqual(['guard', 'sums']);
    expect(table.rows.map(({ cells }) => cells[0]?.mean)).toEqual(
      [0.5, 0.6, 0.8].map(mean => expect.closeTo(mean, 10)),
    );
    expect(table.rows[2]?.cells[0]).toMatchObject({ half: 0.1, best: true });
    expect(benchmarkTable(groupRuns([fixtureRun('none', { benchmarks: null })])).columns).toEqual([]);
    expect(plainScores(table).rows[1]).toHaveLength(5);
  });

  it('add the spread of seeds to that of items', () => {
    const summaries = [0.5, 0.7].map(mean => ({ mean, halfWidth: 0.1, items: 50 }));
    const spread = 0.02;
    expect(overSeeds(summaries)).toEqual({
      mean: expect.closeTo(0.6, 10),
      half: expect.closeTo(Math.sqrt(0.01 + (1.959964 ** 2 * spread) / 2), 10),
    });
    expect(overSeeds([])).toBeNull();
  });
});

it('follows the students through the plane, and leaves out places without a scale', () => {
  const { paths } = geometryFigure(groups);
  expect(paths[0]?.points.at(-1)).toMatchObject({ step: 40, x: expect.closeTo(0.95, 10), y: -0.5, seeds: 3 });
  expect(geometryFigure(groups, 'plain').paths[0]?.points.at(-1)?.y).toBe(-0.25);
  const record = fixtureRecord();
  const blind = {
    ...fixtureRun('blind'),
    record: { ...record, geometry: record.geometry.map(point => ({ ...point, x: null })) },
  };
  expect(geometryFigure(groupRuns([blind])).paths).toEqual([]);
  expect(geometryTable(geometryFigure(groups)).rows).toHaveLength(10);
});

it('puts the teachers where they were, on average over the seeds that measured it', () => {
  const taught = (seed: number, x: number): ComparedRun => {
    const run = fixtureRun(`run-${seed}`, { seed });
    const { record } = run;
    const teacher = { ...record.geometry[0]!, x, y: { plain: -0.2, withRefusals: -0.4 } };
    const geometryBaseline = { teacher } as GeometryBaseline;
    return { ...run, record: { ...record, geometryBaseline } };
  };
  const figure = geometryFigure(
    groupRuns([taught(1, 0.75), taught(2, 0.25), fixtureRun('run-3', { seed: 3 })]),
  );
  expect(figure.paths[0]?.teacher).toEqual({ step: 0, x: 0.5, y: -0.4, seeds: 2 });
  expect(geometryTable(figure).rows[0]).toEqual(['OPSD', 'teacher', 0, 0.5, -0.4, 2]);
  expect(geometryFigure(groups).paths[0]?.teacher).toBeNull();
});

it('lists the settings in which groups differ, and their seeds', () => {
  const { columns, rows } = settingsTable(groups);
  expect(columns).toEqual(['Setting', 'OPSD', 'COPSD']);
  expect(rows[0]).toEqual(['Seeds', '1, 2, 3', '1']);
  expect(rows.find(([label]) => label === 'Prompts')?.[2]).toContain('20 % general');
  expect(rows.some(([label]) => label === 'Model')).toBe(false);
});
