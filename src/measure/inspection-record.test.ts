import { expect, test } from 'vitest';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { inspectionRecord } from './inspection-record.ts';
import type { InspectedTokens, TokenEntries } from '../learn/token-inspection.ts';

const K = 3;
/** Ids and values of two tokens; the last value is the target's. */
const entries = (first: readonly number[], second: readonly number[], ids = [4, 7, 9]): TokenEntries => ({
  k: K,
  ids: Uint32Array.from([...ids, ...ids]),
  values: Float32Array.from([...first, ...second]),
});

const logs = (...shares: number[]): number[] => shares.map(Math.log);

function found(): InspectedTokens {
  const columns = new Float32Array(2 * METRIC_COLUMNS);
  columns[METRIC.loss] = 99;
  columns[METRIC_COLUMNS + METRIC.loss] = 0.123456;
  columns[METRIC_COLUMNS + METRIC.studentLogProb] = -1.23456;
  return {
    // Two responses of one token each.
    metrics: { columns, start: [0, 1, 2] },
    entries: {
      student: entries(logs(0.9, 0.05, 0.01, 0.2), logs(0.99, 0.0099, 0.0002, 0.3)),
      teacher: entries(logs(0.9, 0.05, 0.01, 0.2), logs(0.0004, 0.0003, 0.0002, 0.5)),
      base: entries(logs(0.9, 0.05, 0.01, 0.2), logs(0.5, 0.3, 0.2, 0.25), [7, 11, 4]),
      raised: entries([-1, -1, -1, 0], [-0.5, -0.02, -0.00001, 0.1]),
      lowered: entries([1, 1, 1, 0], [0.25, 0.009, -0.1, 0.1], [9, 4, 7]),
    },
  };
}

const record = () =>
  inspectionRecord(
    {
      about: { step: 10, prompt: 'how ?', kind: 'benign', answer: 'current' },
      response: Uint32Array.of(7),
      found: found(),
      index: 1,
    },
    { pieces: ids => ids.map(id => `t${id}`) },
  );

test('a record takes the rows of its own response, with four digits', () => {
  const { tokens, pieces, divergence, student, base } = record();
  expect(tokens.map(at => pieces[at])).toEqual(['t7']);
  expect([divergence, student, base]).toEqual([[0.1235], [-1.235], [-1.386]]);
});

test('the likeliest token is always listed, others if they are likely enough', () => {
  const { pieces, topStudent, topTeacher, topBase } = record();
  const told = (list: readonly number[]): unknown[] =>
    list.map((value, i) => (i % 2 ? value : pieces[value]));
  expect(told(topStudent[0]!)).toEqual(['t4', 0.99, 't7', 0.0099]);
  expect(told(topTeacher[0]!)).toEqual(['t4', 0.0004]);
  expect(told(topBase[0]!)).toEqual(['t7', 0.5, 't11', 0.3, 't4', 0.2]);
});

test('pulls are listed down to a share of the strongest, each with its sign', () => {
  const { pieces, raised, lowered } = record();
  const told = (list: readonly number[]): unknown[] =>
    list.map((value, i) => (i % 2 ? value : pieces[value]));
  expect(told(raised[0]!)).toEqual(['t4', -0.5, 't7', -0.02]);
  expect(told(lowered[0]!)).toEqual(['t9', 0.25]);
});

test('every text is listed once', () => {
  const { pieces } = record();
  expect(new Set(pieces).size).toBe(pieces.length);
  expect(pieces.toSorted()).toEqual(['t11', 't4', 't7', 't9']);
});
