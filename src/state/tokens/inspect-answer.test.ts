import { describe, expect, it } from 'vitest';
import { fixtureInspection } from '../../record/inspection-fixture.ts';
import {
  chooseInspection,
  colourScale,
  colourStrength,
  highestToken,
  inspectedTokens,
  pieceText,
} from './inspect-answer.ts';
import { inspectionTable } from './inspect-table.ts';

const CHOICE = { kind: 'harmful', whose: 'current', prompt: 0, step: null } as const;

describe('chooseInspection', () => {
  const records = [
    fixtureInspection(),
    fixtureInspection({ kind: 'harmful' }),
    fixtureInspection({ kind: 'harmful', step: 10 }, 2),
    fixtureInspection({ kind: 'harmful', step: 10, answer: 'current' }, 3),
    fixtureInspection({ kind: 'harmful', step: 20 }, 4),
    fixtureInspection({ kind: 'harmful', step: 20, answer: 'current' }, 5),
  ];

  it('follows the student from its initial answer to its latest', () => {
    const { kinds, series, at } = chooseInspection(records, CHOICE)!;
    expect(kinds).toEqual(['benign', 'harmful']);
    expect(series.map(({ step, answer }) => `${step} ${answer}`)).toEqual([
      ...['0 initial', '10 current', '20 current'],
    ]);
    expect(at).toBe(2);
  });

  it('holds the initial answer, and goes to the evaluation before a step', () => {
    const { series, at } = chooseInspection(records, { ...CHOICE, whose: 'initial', step: 15 })!;
    expect(series.every(({ answer }) => answer === 'initial')).toBe(true);
    expect(series[at]!.step).toBe(10);
  });

  it('takes what there is where the chosen kind or prompt is missing', () => {
    const view = chooseInspection(records, { ...CHOICE, kind: 'general', prompt: 4, step: 3 })!;
    expect([view.kind, view.prompts, view.at]).toEqual(['benign', 1, 0]);
    expect(chooseInspection([], CHOICE)).toBeNull();
  });
});

describe('inspectedTokens', () => {
  const tokens = inspectedTokens(fixtureInspection());

  it('signs a divergence by who says the token more readily', () => {
    expect(tokens.map(({ signed }) => signed)).toEqual([0.1, -0.5, 0.2]);
  });

  it('sums along the answer', () => {
    expect(tokens.map(({ runningSum }) => Number(runningSum.toFixed(6)))).toEqual([0.1, 0.6, 0.8]);
  });

  it('names the tokens of its lists', () => {
    expect(tokens[0]!.topTeacher).toEqual([
      { piece: ' sorry', value: 0.8 },
      { piece: ' sure', value: 0.13 },
    ]);
    expect(tokens[0]!.raised).toEqual([{ piece: ' sorry', value: -0.4 }]);
    expect(tokens[2]!.lowered).toEqual([]);
  });

  it('finds the highest, the first of equal ones', () => {
    expect(highestToken(tokens)).toBe(1);
    expect(highestToken([{ divergence: 0 }, { divergence: 0 }])).toBe(0);
    expect(highestToken([])).toBe(-1);
  });
});

it('colours compare over the steps', () => {
  const scale = colourScale([fixtureInspection(), fixtureInspection({}, 4)]);
  expect(scale).toBe(2);
  expect([0, 0.5, 2, 3].map(divergence => colourStrength(divergence, scale))).toEqual([0, 0.5, 1, 1]);
  expect(colourStrength(-1e-7, scale)).toBe(0);
  expect(colourStrength(0, 0)).toBe(0);
});

it('spells out what cannot be seen', () => {
  expect([' sure', '\n\n', ' ', '', '</s>'].map(pieceText)).toEqual(['sure', '↵', '␣', '∅', '</s>']);
});

it('a table has a line for each token, with the lists in words', () => {
  const { columns, rows } = inspectionTable(inspectedTokens(fixtureInspection()));
  expect(rows).toHaveLength(3);
  for (const row of rows) expect(row).toHaveLength(columns.length);
  expect(rows[1]!.slice(0, 5)).toEqual([2, '!', 0.5, -0.5, 0.6]);
  expect(rows[0]!.at(-2)).toBe('sorry -0.4');
});
