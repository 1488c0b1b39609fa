import { expect, it } from 'vitest';
import { RunData } from '../../record/run-data.ts';
import { fixtureRecord, withoutKind } from '../../record/record-fixture.ts';
import { evaluationsTable, stepsTable, toCsv } from '../../record/tables.ts';
import { CHARTS, MORE_CHARTS } from './chart-specs.ts';
import { chartTable } from './chart-table.ts';
import { plotValues } from './plot-values.ts';

it('draws each figure where it says, in the order of the page', () => {
  const drawn = [...CHARTS, ...MORE_CHARTS].map(({ id, plots }) => [
    id,
    plots.map(
      ({ id: plot, metric, evaluated, interval }) =>
        `${plot}: ${[metric, evaluated && 'evaluated', interval && 'interval'].filter(Boolean).join(', ')}`,
    ),
  ]);
  const kinds = (metric: string, rest: string): string[] =>
    ['benign', 'borderline', 'harmful'].map(kind => `${kind}: ${metric && `${kind}.${metric}, `}${rest}`);
  expect(drawn).toEqual([
    ['length', kinds('length', 'evaluated, interval')],
    ['refusal', kinds('refusal', 'evaluated, interval')],
    ['divergence', ['all: reverseKl, evaluated']],
    ['entropy', ['all: studentEntropy, evaluated']],
    ['diversity', kinds('', 'evaluated')],
    ['refusal-opening', kinds('', 'evaluated')],
    ['wins', ['safety: evaluated, interval', 'helpfulness: evaluated, interval']],
    ['harmful-answers', ['unsafe: evaluated, interval', 'rich: evaluated, interval']],
    ['nats', ['all: evaluated']],
    ['general', ['all: evaluated, interval']],
    ['loss', ['all: loss']],
    ['gradient-norm', ['all: gradientNorm']],
  ]);
});

const record = fixtureRecord();
const unasked = RunData.fromRecord({
  ...record,
  evals: record.evals.map(evaluation => withoutKind(evaluation, 'harmful')),
  teacher: record.teacher && withoutKind(record.teacher, 'harmful'),
});

it('has no point, no band and no level of a kind that was not asked', () => {
  const harmful = MORE_CHARTS.find(({ id }) => id === 'harmful-answers')!;
  for (const plot of harmful.plots)
    expect(plotValues(unasked, plot, 0)).toMatchObject({ evaluations: [], base: null, teacher: null });
  for (const row of chartTable(unasked, harmful).rows)
    expect(row.slice(1).every(cell => cell === null)).toBe(true);
});

it('leaves the cells of such a kind empty in the CSV', () => {
  const { columns, rows } = evaluationsTable(unasked);
  for (const row of rows)
    for (const [i, column] of columns.entries())
      if (column.startsWith('harmful.')) expect(row[i], column).toBeNull();
  expect(toCsv(evaluationsTable(unasked))).toContain('student,0,20,44,');
});

it('keeps the names of columns that people’s programs read', () => {
  const kind = (name: string, ...own: string[]): string[] =>
    ['length', ...own, 'entropy', 'diversity', 'refusal_opening'].map(figure => `${name}.${figure}`);
  expect(evaluationsTable(record).columns).toEqual([
    ...['who', 'step', 'queries_per_kind'],
    ...kind('benign', 'over_refusal'),
    ...kind('borderline', 'over_refusal'),
    ...kind('harmful', 'refusal', 'unsafe', 'rich'),
    ...kind('general', 'accuracy'),
    ...['nats_per_answer', 'kl_to_teacher', 'safety_win_rate', 'helpfulness_win_rate'],
  ]);
  expect(stepsTable(unasked.series).columns).toEqual([
    ...['step', 'loss', 'reverseKl', 'studentEntropy', 'teacherEntropy', 'length', 'gradientNorm'],
    ...['learningRate', 'tokens', 'seconds', 'rolloutSeconds'],
    ...['benign', 'borderline', 'harmful', 'general'].flatMap(name =>
      ['rollouts', 'length', 'refusal', 'reverseKl'].map(figure => `${name}.${figure}`),
    ),
  ]);
});
