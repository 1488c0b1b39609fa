import { describe, expect, it } from 'vitest';
import { REFUSING_LEVELS, WHOLE_LEVELS } from '../../src/record/record-fixture.ts';
import { fixtureRun } from '../../src/state/compare/runs-fixture.ts';
import { groupRuns, type RunGroup } from '../../src/state/compare/groups.ts';
import { renderFigure } from './render.ts';

const groups = groupRuns([
  ...[1, 2, 3].map(seed => fixtureRun(`opsd-${seed}`, { seed, to: REFUSING_LEVELS })),
  fixtureRun('copsd', { recipe: 'copsd', to: WHOLE_LEVELS }, 'COPSD <2 & "5" epochs>'),
]);
const FIGURES = ['pareto', 'dynamics', 'teachers', 'radar', 'geometry'];

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A strict reader of the XML that drawings need. @throws where it is not well-formed. */
function readXml(xml: string): readonly Element[] {
  const found: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: typeof found = [];
  const plain = (raw: string): string => {
    if (/[<>]|&(?!(?:amp|lt|gt|quot);)/.test(raw)) throw new Error(`bare markup in “${raw}”`);
    return raw
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');
  };
  let rest = xml.trim();
  while (rest) {
    const tag = /^<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<]*")*)(\/?)>/.exec(rest);
    const [whole, closing, name = '', attributes = '', alone] = tag ?? [];
    if (whole === undefined) {
      const text = /^[^<]+/.exec(rest)?.[0];
      const parent = open.at(-1);
      if (!text || !parent) throw new Error(`not well-formed at “${rest.slice(0, 60)}”`);
      parent.text += plain(text);
      rest = rest.slice(text.length);
      continue;
    }
    rest = rest.slice(whole.length);
    if (closing) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes something else`);
      continue;
    }
    const pairs = [...attributes.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)];
    const element = {
      name,
      attributes: Object.fromEntries(pairs.map(([, key, value]) => [key!, plain(value!)])),
      text: '',
    };
    found.push(element);
    if (!alone) open.push(element);
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)!.name}> is not closed`);
  return found;
}

/** Absolute places of a path; relative parts are followed. */
function places(d: string): readonly (readonly [x: number, y: number])[] {
  let [x, y] = [0, 0];
  return [...d.matchAll(/([MLHVhvaZ])([^MLHVhvaZ]*)/g)].map(([, command, numbers]) => {
    const values = (numbers!.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
    if (command === 'M' || command === 'L') [x, y] = [values[0]!, values[1]!];
    else if (command === 'H') x = values[0]!;
    else if (command === 'V') y = values[0]!;
    else if (command === 'h') x += values[0]!;
    else if (command === 'v') y += values[0]!;
    else if (command === 'a') [x, y] = [x + values[5]!, y + values[6]!];
    return [x, y];
  });
}

describe.each(FIGURES)('the %s figure', id => {
  const render = (of: readonly RunGroup[], options?: object): string => renderFigure(id, of, options);
  it.each([330, 600, 900])(
    'is well-formed, names every group and stays inside its frame at width %i',
    width => {
      const elements = readXml(render(groups, { width }));
      const [root] = elements;
      expect(root).toMatchObject({ name: 'svg', attributes: { xmlns: 'http://www.w3.org/2000/svg' } });
      const texts = elements.filter(({ name }) => name === 'text').map(({ text }) => text);
      for (const label of ['OPSD', 'COPSD <2 & "5" epochs>'])
        expect(
          texts.some(text => text.includes(label)),
          label,
        ).toBe(true);
      const [w, h] = ['width', 'height'].map(name => Number(root!.attributes[name]));
      const [left, top] = elements
        .find(({ name }) => name === 'g')!
        .attributes['transform']!.match(/-?\d+/g)!
        .map(Number);
      const points = elements.flatMap(({ attributes }) => (attributes['d'] ? places(attributes['d']) : []));
      expect(points.length).toBeGreaterThan(40);
      for (const [x, y] of points) {
        expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
        expect(x).toBeGreaterThanOrEqual(-left!);
        expect(x + left!).toBeLessThanOrEqual(w!);
        expect(y).toBeGreaterThanOrEqual(-top!);
        expect(y + top!).toBeLessThanOrEqual(h!);
      }
    },
  );

  it('is the same for the same groups', () => {
    expect(render(groups)).toBe(render(groups));
  });

  it('can be drawn of runs that know little', () => {
    const bare = groupRuns([fixtureRun('bare', { teacher: null, geometry: false, benchmarks: null })]);
    const cut = {
      ...bare[0]!,
      runs: bare[0]!.runs.map(run => ({ ...run, record: { ...run.record, evals: [] } })),
    };
    expect(() => [readXml(render(bare)), readXml(render([cut])), readXml(render([]))]).not.toThrow();
  });
});

it('places bubbles by win rates: the base in the middle of its lines, the refusing student to the left of it and above', () => {
  const elements = readXml(renderFigure('pareto', groups));
  const circles = elements.filter(({ attributes }) => attributes['fill-opacity'] === '0.22');
  const middles = circles.map(({ attributes }) => {
    const [[x, y], [right]] = places(attributes['d']!) as [
      readonly [number, number],
      readonly [number, number],
    ];
    return { x: (x + right) / 2, y };
  });
  const [base, opsd, copsd] = middles;
  expect(opsd!.x).toBeLessThan(base!.x);
  expect(opsd!.y).toBeLessThan(base!.y);
  expect(copsd!.x).toBeGreaterThan(base!.x);
});

it('draws the band of a group of several seeds, and none of a single one', () => {
  const bands = (of: readonly RunGroup[]): number =>
    readXml(renderFigure('dynamics', of)).filter(({ attributes }) => attributes['fill-opacity'] === '0.16')
      .length;
  expect(bands(groups)).toBe(6);
  expect(bands(groups.slice(1))).toBe(0);
});

it('counts steps, tokens or seconds along the bottom', () => {
  const texts = (svg: string): readonly string[] => readXml(svg).map(({ text }) => text);
  expect(texts(renderFigure('dynamics', groups, { progress: 'tokens' }))).toContain('25k');
  expect(texts(renderFigure('dynamics', groups, { progress: 'seconds', title: 'By the clock' }))).toEqual(
    expect.arrayContaining(['seconds of training', 'By the clock']),
  );
});
