import type { Locator, Page } from '@playwright/test';
import {
  fixtureRecord,
  REFUSING_LEVELS,
  WHOLE_LEVELS,
  type FixtureOptions,
  type Levels,
} from '../../src/record/record-fixture.ts';
import { DEFAULT_CALIBRATION } from '../../src/settings/recipes.ts';

const SEEDS = [1, 2, 3];
const WITHOUT: Levels = { ...WHOLE_LEVELS, rich: 0.5, borderline: 0.3, general: 0.6, wins: [0.64, 0.5] };
const GROUPS: readonly { readonly group: string; readonly options: FixtureOptions }[] = [
  { group: 'COPSD', options: { recipe: 'copsd', to: WHOLE_LEVELS, teacher: WHOLE_LEVELS, benchmarks: 0.8 } },
  {
    group: 'COPSD without self-answers',
    options: {
      recipe: 'copsd',
      to: WITHOUT,
      teacher: WHOLE_LEVELS,
      config: { calibration: { ...DEFAULT_CALIBRATION, selfAnswers: false } },
    },
  },
  { group: 'OPSD', options: { recipe: 'opsd', to: REFUSING_LEVELS } },
];

/** A run file of made-up figures. */
export const runFile = (options: FixtureOptions): string => JSON.stringify(fixtureRecord(options));

/** Serves made-up runs instead of the page's recorded ones: three groups of three seeds, and one run shown at first. */
export async function serveResults(page: Page): Promise<void> {
  const files = new Map<string, string>();
  const runs = GROUPS.flatMap(({ group, options }) =>
    SEEDS.map(seed => {
      const file = `${group.toLowerCase().replaceAll(' ', '-')}-${seed}.json`;
      files.set(file, runFile({ ...options, seed }));
      return { file, label: `${group}, seed ${seed}`, recipe: options.recipe, seed, group };
    }),
  );
  files.set('index.json', JSON.stringify({ runs }));
  files.set('default.json', runFile({ recipe: 'opsd', config: { steps: 30 } }));
  await page.route(/\/runs\/[^/]+\.json$/, route => {
    const body = files.get(route.request().url().split('/').at(-1) ?? '');
    return body === undefined ? route.fallback() : route.fulfill({ contentType: 'application/json', body });
  });
}

/** Opens Compare and waits for its first figure. */
export async function openCompare(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Compare runs' });
  await dialog.getByRole('img', { name: /COPSD/ }).waitFor();
  return dialog;
}
