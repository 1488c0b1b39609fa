import { expect, it } from 'vitest';
import { fixtureRecord } from '../../record/record-fixture.ts';
import { runPareto, runParetoTable } from './run-pareto.ts';

const record = fixtureRecord({ recipe: 'opsd' });

it('places every evaluation by its win rates, inside their intervals', () => {
  const { points } = runPareto(record);
  expect(points.map(({ step }) => step)).toEqual(record.evals.map(({ step }) => step));
  for (const [i, { x, y, xRange, yRange }] of points.entries()) {
    expect([x, y]).toEqual([record.evals[i]?.winRates.helpfulness, record.evals[i]?.winRates.safety]);
    expect(xRange![0]).toBeLessThanOrEqual(x);
    expect(yRange![1]).toBeGreaterThanOrEqual(y);
  }
});

it('has a line of its table for each evaluation, and the teacher’s where there is one', () => {
  const { columns, rows } = runParetoTable(runPareto({ ...record, teacher: record.evals[0]! }));
  expect(rows).toHaveLength(record.evals.length + 1);
  expect(rows.at(-1)?.[0]).toBe('teacher');
  for (const row of rows) expect(row).toHaveLength(columns.length);
  expect(runPareto({ evals: [], teacher: null })).toEqual({ points: [], teacher: null });
});
