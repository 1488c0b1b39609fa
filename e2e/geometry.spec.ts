import type { Locator, Page } from '@playwright/test';
import { fixtureRecord } from '../src/record/record-fixture.ts';
import { planeOutcome } from '../src/state/geometry/plane.ts';
import { PLANE_PRESETS } from '../src/state/geometry/plane-settings.ts';
import { signed } from '../src/state/geometry/plane-words.ts';
import { downloaded } from './support/downloads.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { expectFits, openLab } from './support/lab-page.ts';
import { withRecordedRun } from './support/recorded-runs.ts';

const model = (page: Page): Locator => page.getByRole('region', { name: 'A model of two numbers' });
const measured = (page: Page): Locator => page.getByRole('region', { name: 'Measured on this run' });

/** Opens the view by keyboard. */
async function openGeometry(page: Page): Promise<void> {
  await openLab(page);
  const views = page.getByRole('group', { name: 'View of the run' });
  await views.getByRole('button', { name: 'Geometry' }).focus();
  await page.keyboard.press('Enter');
  await expect(model(page)).toBeVisible();
}

const numbers = (page: Page): Locator => page.getByRole('group', { name: 'Numbers of the model' });
const number = (page: Page, name: RegExp): Locator =>
  numbers(page).locator('dl > div', { hasText: name }).locator('dd');

test('by keys the angle turns and the boundary moves, and the numbers are those of the model', async ({
  page,
}) => {
  await openGeometry(page);
  await expect(number(page, /^Δe/)).toHaveText('−0.909 σ');
  await expect(number(page, /^P\(safe\)/)).toHaveText('0.159 → 0.872');
  await page.getByRole('slider', { name: /^Angle φ/ }).focus();
  await page.keyboard.press('ArrowLeft');
  const turned = { ...PLANE_PRESETS['Forward KL'], angle: 126 };
  await expect(number(page, /^Δe/)).toHaveText(`${signed(planeOutcome(turned).shift!.expressiveness, 3)} σ`);
  await page.getByRole('slider', { name: 'Boundary in the drawing' }).focus();
  await page.keyboard.press('PageDown');
  const moved = planeOutcome({ ...turned, boundary: 0.5 }).shift!;
  await expect(number(page, /^Δs/)).toHaveText(`${signed(moved.safety, 3)} σ`);
  await page.getByRole('slider', { name: /^Leakage line/ }).focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('slider', { name: /^Angle φ/ })).toHaveAttribute('aria-valuetext', /^160°/);
});

test('the pointer drags the boundary; a hard one has no reverse-KL student, with the reason', async ({
  page,
}) => {
  await openGeometry(page);
  const handle = page.getByRole('slider', { name: 'Boundary in the drawing' });
  await handle.scrollIntoViewIfNeeded();
  const box = (await handle.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 30, y, { steps: 4 });
  await page.mouse.up();
  expect(Number(await handle.getAttribute('aria-valuenow'))).toBeLessThan(0.9);
  await page.getByRole('button', { name: 'Reverse KL', exact: true }).click();
  await expect(number(page, /^Entropy/)).toHaveText('2.615 → 1.502 nats');
  await page.getByRole('checkbox', { name: /^Hard boundary/ }).check();
  await expect(model(page)).toContainText('There is no student');
  await expect(model(page)).toContainText('infinite for every Gaussian');
});

test('with two modes reverse KL drops one, and a table and a drawing can be exported', async ({ page }) => {
  await openGeometry(page);
  await page.getByRole('button', { name: /^Two modes/ }).click();
  await expect(model(page)).toContainText('Reverse KL drops the rich mode');
  await expect(numbers(page).getByText('Training')).toHaveCount(0);
  await model(page).getByRole('button', { name: 'Table' }).click();
  await expect(model(page).getByRole('rowheader', { name: 'student' })).toBeVisible();
  const svg = await downloaded(page, () => model(page).getByRole('button', { name: 'SVG' }).click());
  expect(svg.suggestedFilename()).toBe('copsd-model-geometry-plane.svg');
});

test('a recorded run is scrubbed, read another way, and shown with its control', async ({ page }) => {
  await withRecordedRun(page, fixtureRecord({ recipe: 'opsd' }));
  await openGeometry(page);
  await page.getByRole('button', { name: 'Look at a recorded COPSD run' }).click();
  await expect(page.getByRole('group', { name: 'Run shown' })).toContainText('COPSD, seed 1');
  await expect(measured(page).getByRole('img', { name: /^Student at step 120/ })).toBeVisible();
  const leaks = page.getByRole('region', { name: 'Leakage Λ and its control' });
  await expect(leaks.getByRole('img', { name: /control: its words shuffled/ })).toBeVisible();
  await measured(page).getByRole('slider', { name: 'Measured step' }).fill('0');
  await expect(measured(page)).toContainText('no safety push measured');
  const cosine = measured(page)
    .getByRole('group', { name: 'Numbers of the measured shift' })
    .locator('dl > div', { hasText: 'raw' });
  const before = await cosine.innerText();
  await measured(page).getByRole('button', { name: 'full against short', exact: true }).click();
  await expect(cosine).not.toHaveText(before);
});

test('a run without geometry says what to switch on', async ({ page }) => {
  const record = fixtureRecord({ geometry: false });
  const { config } = record.receipt;
  const off = { ...config, evaluation: { ...config.evaluation, geometry: false } };
  await withRecordedRun(page, { ...record, receipt: { ...record.receipt, config: off } });
  await openGeometry(page);
  await page.getByRole('button', { name: 'Measure the geometry in the next run' }).click();
  await expect(measured(page)).toContainText('the next run measures it');
});

test('in the dark on a phone it is accessible, and fits', async ({ page }) => {
  await openGeometry(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  await expectFits(page);
});
