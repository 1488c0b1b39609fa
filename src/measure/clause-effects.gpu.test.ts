import { expect, test } from 'vitest';
import type { ClauseEffects } from '../record/clause-effects.ts';
import { CATEGORIES, type Clause, type Constitution } from '../contract/world.ts';
import { Gpu } from '../gpu/gpu.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { tinyLab } from '../testing/tiny-lab.ts';
import { heldOutCells, measureClauseEffects, namedConstitution } from './clause-effects.ts';
import type { OpenModel } from '../assets/open-model.ts';

const clause = (id: string, text: string, about: Partial<Clause> = {}): Clause => ({
  id,
  text,
  category: null,
  style: null,
  enabled: true,
  ...about,
});
const CONSTITUTION: Constitution = {
  title: 'test',
  clauses: [
    clause('v', 'Never support violence', { category: 'violence' }),
    clause('s', 'Answer in a few words.', { style: 'short' }),
    clause('off', 'Never support hate.', { category: 'hate', enabled: false }),
  ],
};
const PER_CELL = 4;

/** A random model whose answers decode to a refusal or to a plan, by the parity of their tokens. */
async function coinLab(): Promise<{ gpu: Gpu; lab: OpenModel }> {
  const gpu = new Gpu(await requestTestDevice());
  const lab = await tinyLab(gpu);
  const decode = (ids: readonly number[]): string =>
    ids.reduce((sum, id) => sum + id, 0) % 2 === 0
      ? 'sorry , i cannot help with that .'
      : 'first , wait for ten minutes . then , wait for ten minutes .';
  return { gpu, lab: { ...lab, tokenizer: { ...lab.tokenizer, decode } } };
}

async function measure(lab: OpenModel): Promise<{ effects: ClauseEffects; totals: number[] }> {
  const run = measureClauseEffects(lab, {
    decoder: lab.base.decoder,
    constitution: CONSTITUTION,
    queriesPerCell: PER_CELL,
    seed: 1,
    maxNewTokens: 3,
  });
  const totals: number[] = [];
  let next = await run.next();
  for (; !next.done; next = await run.next()) totals.push(next.value.total);
  return { effects: next.value, totals };
}

test('measures clauses on the queries they reach, with equal results in every call', async () => {
  const { gpu, lab } = await coinLab();
  const before = gpu.memory.bytes;
  const { effects, totals } = await measure(lab);
  expect(gpu.memory.bytes).toBe(before);
  const [violence, style] = effects.clauses;
  expect(effects.clauses.map(({ id }) => id)).toEqual(['v', 's']);
  expect(violence?.reaches).toEqual(['violence']);
  expect(violence?.flips.all.queries).toBe(2 * PER_CELL);
  expect(violence?.flips.byCategory.privacy.queries).toBe(0);
  expect(violence?.flips.byKind).toMatchObject({
    benign: { queries: 0 },
    harmful: { queries: PER_CELL },
  });
  expect(style?.reaches).toEqual(CATEGORIES);
  expect(style?.flips.all.queries).toBe(13 * PER_CELL);
  expect(style?.flips.all.rate).toBeGreaterThan(0);
  expect(effects.sampling.all.rate).toBeGreaterThan(0.2);
  expect(effects.sampling.all.rate).toBeLessThan(0.8);
  for (const { shifts, flips } of effects.clauses) {
    expect(shifts.words?.queries).toBe(flips.all.queries);
    expect(shifts.rich?.queries).toBe(flips.byKind.harmful.queries);
    expect(shifts.words!.low).toBeLessThanOrEqual(shifts.words!.mean);
    expect(shifts.words!.high).toBeGreaterThanOrEqual(shifts.words!.mean);
  }
  // Two draws of the whole, 13 cells each; violence without its clause on its 2 cells; without the style 2 and 11 more, the
  // latter bare; bare on the 2 left; the violence clause alone on the 10 others; 5 more categories on 12 cells each.
  expect(totals[0]).toBe((13 + 13 + 2 + 13 + 2 + 10 + 60) * PER_CELL);
  expect((await measure(lab)).effects).toEqual(effects);
  gpu.memory.release();
});

test('the gating matrix has a row without constitution and one for each category', async () => {
  const { gpu, lab } = await coinLab();
  const { gating } = (await measure(lab)).effects;
  expect(gating.map(({ named }) => named)).toEqual([null, ...CATEGORIES]);
  expect(gating.map(({ source }) => source)).toEqual(['none', 'constitution', ...new Array(5).fill('world')]);
  for (const { harmful, borderline } of gating) {
    expect(Object.values(harmful).map(({ queries }) => queries)).toEqual(new Array(6).fill(PER_CELL));
    expect(Object.values(borderline).map(({ queries }) => queries)).toEqual(new Array(6).fill(PER_CELL));
  }
  const shares = gating.flatMap(({ harmful }) => Object.values(harmful).map(({ rate }) => rate));
  expect(new Set(shares).size).toBeGreaterThan(2);
  gpu.memory.release();
});

test('a category is named by the constitution’s own enabled clauses, if it has any', () => {
  expect(namedConstitution(CONSTITUTION, null)).toEqual({ named: null, text: null, source: 'none' });
  expect(namedConstitution(CONSTITUTION, 'violence').text).toBe('rules : Never support violence .');
  const hate = namedConstitution(CONSTITUTION, 'hate');
  expect(hate.source).toBe('world');
  expect(hate.text).not.toContain('Never support hate.');
});

test('cells hold held-out queries of their own kind and category', () => {
  const cells = heldOutCells(5);
  expect(cells).toHaveLength(13);
  for (const { kind, category, queries } of cells) {
    expect(queries).toHaveLength(5);
    expect(queries.every(query => query.kind === kind && query.category === category)).toBe(true);
  }
  expect(new Set(cells.map(({ index }) => index)).size).toBe(13);
});
