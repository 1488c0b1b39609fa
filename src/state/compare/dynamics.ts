import type { EvaluationRecord } from '../../record/run-record.ts';
import { basesOf, type ComparedRun, type RunGroup } from './groups.ts';
import { estimate } from './estimates.ts';
import { figuresIn, type EvaluationFigure } from '../../record/evaluation-record.ts';
import type { Table } from '../../record/tables.ts';

export const PROGRESS_AXES = ['steps', 'tokens', 'seconds'] as const;
/** What the horizontal axis counts: optimiser steps, response tokens trained on, or wall-clock seconds of the steps. */
export type ProgressAxis = (typeof PROGRESS_AXES)[number];

/** A held-out evaluation of a group at one step. */
export interface DynamicsPoint {
  readonly step: number;
  /** On the chosen axis; mean over the seeds. */
  readonly x: number;
  readonly mean: number;
  /** Lowest and highest seed. */
  readonly low: number;
  readonly high: number;
  readonly seeds: number;
}

export interface DynamicsPanel {
  readonly measure: EvaluationFigure;
  readonly base: number | null;
  /** One line for each group, in their order; empty where nothing was evaluated. */
  readonly lines: readonly (readonly DynamicsPoint[])[];
}

export interface DynamicsFigure {
  readonly axis: ProgressAxis;
  readonly panels: readonly DynamicsPanel[];
  readonly labels: readonly string[];
}

/** How far a run had come after each of its steps; NaN from a step on that does not say. */
function progress({ record }: ComparedRun, axis: ProgressAxis): (step: number) => number {
  if (axis === 'steps') return step => step;
  let total = 0;
  const reached = record.steps.map(step => ({ step: step.step, total: (total += step[axis] ?? NaN) }));
  return step => (step === 0 ? 0 : (reached.findLast(({ step: at }) => at <= step)?.total ?? NaN));
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function line(group: RunGroup, measure: EvaluationFigure, axis: ProgressAxis): readonly DynamicsPoint[] {
  const bySteps = new Map<number, { x: number; value: number }[]>();
  for (const run of group.runs) {
    const at = progress(run, axis);
    for (const evaluation of run.record.evals) {
      const value = measure.value(evaluation);
      const { step } = evaluation;
      const x = at(step);
      if (value !== null && Number.isFinite(x))
        bySteps.set(step, [...(bySteps.get(step) ?? []), { x, value }]);
    }
  }
  return [...bySteps]
    .sort(([a], [b]) => a - b)
    .map(([step, found]) => {
      const values = found.map(({ value }) => value);
      return {
        step,
        x: average(found.map(({ x }) => x)),
        mean: average(values),
        low: Math.min(...values),
        high: Math.max(...values),
        seeds: values.length,
      };
    });
}

/** Training dynamics by held-out evaluations: each group's mean over the seeds that were evaluated at a step, and their range. */
export function dynamicsFigure(groups: readonly RunGroup[], axis: ProgressAxis = 'steps'): DynamicsFigure {
  const bases: readonly EvaluationRecord[] = basesOf(groups);
  return {
    axis,
    labels: groups.map(({ label }) => label),
    panels: figuresIn('dynamics').map(measure => ({
      measure,
      base: estimate(measure, bases)?.mean ?? null,
      lines: groups.map(group => line(group, measure, axis)),
    })),
  };
}

export function dynamicsTable({ axis, panels, labels }: DynamicsFigure): Table {
  const rows = labels.flatMap((label, g) => {
    const steps = new Set(panels.flatMap(({ lines }) => lines[g]!.map(({ step }) => step)));
    return [...steps]
      .sort((a, b) => a - b)
      .map(step => {
        const points = panels.map(({ lines }) => lines[g]!.find(point => point.step === step));
        const any = points.find(point => point !== undefined);
        return [
          label,
          step,
          ...(axis === 'steps' ? [] : [any?.x ?? null]),
          any?.seeds ?? null,
          ...points.flatMap(point => [point?.mean ?? null, point?.low ?? null, point?.high ?? null]),
        ];
      });
  });
  const figures = panels.flatMap(({ measure }) => {
    const name = measure.label.toLowerCase();
    return [name, `${name}: lowest seed`, `${name}: highest seed`];
  });
  return { columns: ['group', 'step', ...(axis === 'steps' ? [] : [axis]), 'seeds', ...figures], rows };
}
