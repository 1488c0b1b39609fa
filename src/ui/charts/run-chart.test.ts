import { expect, it } from 'vitest';
import { fixtureRecord } from '../../record/record-fixture.ts';
import { RunData } from '../../record/run-data.ts';
import { chartDrawing, type Layer } from '../figures/chart.ts';
import { CHARTS } from './chart-specs.ts';
import { evaluationLayers, figureAxis, runAxis, runChart, stepLayers } from './run-chart.ts';

const record = fixtureRecord({});
const data = RunData.fromRecord(record);
const chart = (id: string) => CHARTS.find(spec => spec.id === id)!;
const named = (layers: readonly Layer[], name: string): Layer => layers.find(layer => layer.name === name)!;

it('draws every plot of a chart into one file, with its names and the axis of steps', () => {
  const spec = chart('refusal');
  const { shapes, width } = chartDrawing(runChart(data, spec, { smoothing: 0.5, steps: 30 }, 900));
  expect(width).toBe(900);
  const texts = shapes.flatMap(shape => (shape.kind === 'text' ? [shape.text] : []));
  expect(texts).toEqual(expect.arrayContaining(spec.plots.map(({ title }) => title)));
  expect(texts.filter(text => text === 'optimiser steps')).toHaveLength(spec.plots.length);
  // Shares are in per cent on the axis, as their unit says.
  expect(texts).toContain('100');
});

it('draws at most 300 points of a line, however long the run', () => {
  const step = record.steps[0]!;
  const steps = Array.from({ length: 2_000 }, (_, i) => ({ ...step, step: i + 1, loss: Math.sin(i) }));
  const { panels } = runChart(
    RunData.fromRecord({ ...record, steps }),
    chart('length'),
    { smoothing: 0, steps: 2_000 },
    900,
  );
  for (const { layers } of panels)
    for (const { points = [] } of layers) expect(points.length).toBeLessThanOrEqual(300);
});

it('leaves out on a logarithmic axis what has no place there', () => {
  const line = { x: [1, 2, 3], y: [0, 0.5, 2] };
  const values = { raw: line, smoothed: line, evaluations: [], base: 0, teacher: 1 };
  expect(named(stepLayers(values, true), 'smoothed').points).toEqual([
    { x: 2, y: 0.5 },
    { x: 3, y: 2 },
  ]);
  expect(named(stepLayers(values, false), 'smoothed').points).toHaveLength(3);
  const scales = {
    sx: (x: number) => x,
    sy: (y: number) => Math.log(y),
    box: { left: 0, top: 0, width: 9, height: 9 },
  };
  const { below } = evaluationLayers(values, true);
  expect(named(below, 'base').draw(scales, [])).toEqual([]);
  expect(named(below, 'teacher').draw(scales, [])).toHaveLength(1);
});

it('gives all plots of a chart one axis that takes in their figures and 0, and a share from 0 to 1', () => {
  const lengths = figureAxis(data, chart('length'), false);
  const highest = Math.max(...data.evals.map(({ benign }) => benign.length ?? 0));
  expect(lengths.low).toBe(0);
  expect(lengths.high).toBeGreaterThanOrEqual(highest);
  expect(figureAxis(data, chart('refusal'), false)).toMatchObject({ low: 0, high: 1 });
});

it('has fewer ticks where a plot is narrow', () => {
  expect(runAxis(60, 200).ticks).toEqual([0, 20, 40, 60]);
  expect(runAxis(60, 400).ticks).toEqual([0, 10, 20, 30, 40, 50, 60]);
  expect(runAxis(60, 400).format!(0)).toBe('step 0');
});
