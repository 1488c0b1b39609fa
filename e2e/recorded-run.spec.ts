import { bytesOf, downloaded, exported } from './support/downloads.ts';
import { ALONE, expect, expectAccessible, test } from './support/fixtures.ts';
import { expectFits, LENGTH, line, openLab } from './support/lab-page.ts';
import { watchOpening, type Opening } from './support/opening.ts';

const CHARTS = [LENGTH, 'Refusal rate % of answers', 'KL to teacher nats/token', 'Token entropy nats/token'];

test('a first visit shows a recorded run, plotted, and says that it is recorded', async ({ page }) => {
  await openLab(page);
  for (const chart of CHARTS) await expect(line(page, chart)).toHaveAttribute('d', /^M[\d. ]+L/);
  await expect(page.getByText('Recorded run', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
  await expect(page.getByRole('heading', { name: /Student at step/ })).toBeVisible();
  await expectAccessible(page);
});

test('charts appear within two seconds, and the layout does not shift', ALONE, async ({ page }) => {
  await page.addInitScript(watchOpening);
  // The best of three, or of more on a busy machine: no load is faster than the page allows.
  const openings: Opening[] = [];
  const best = (): number => Math.min(...openings.map(({ firstChart }) => firstChart ?? Infinity));
  for (let visit = 0; visit < 3 || (visit < 8 && best() > 2_000); visit += 1) {
    await openLab(page);
    await expect(line(page, LENGTH)).toHaveAttribute('d', /^M[\d. ]+L/);
    await expect(page.locator('.setup')).toBeVisible();
    await page.waitForFunction(() => window.opening?.firstChart);
    openings.push((await page.evaluate(() => window.opening))!);
  }
  expect(best()).toBeLessThan(2_000);
  for (const { shift } of openings) expect(shift, 'cumulative layout shift').toBeLessThan(0.1);
});

test('every chart has a table, a CSV and a drawing', async ({ page }) => {
  await openLab(page);
  const chart = page.getByRole('region', { name: CHARTS[1]!, exact: true });
  await expect(line(page, CHARTS[1]!)).toHaveAttribute('d', /^M/);

  const svg = await downloaded(page, () => chart.getByRole('button', { name: 'SVG' }).click());
  expect(svg.suggestedFilename()).toBe('copsd-recorded-run-refusal.svg');
  expect((await bytesOf(svg)).toString()).toMatch(
    /^<svg[^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"[\s\S]*<path/,
  );

  const csv = await downloaded(page, () => chart.getByRole('button', { name: 'CSV' }).click());
  const lines = (await bytesOf(csv)).toString().split('\r\n');
  expect(lines[0]).toContain('step,benign rollouts,benign evaluation,benign 95% low');
  expect(lines.length).toBeGreaterThan(10);

  await chart.getByRole('button', { name: 'Table' }).click();
  await expect(chart.getByRole('rowheader', { name: 'teacher' })).toBeVisible();
  await expectAccessible(page);
});

test('the whole run can be exported as a file of the format that the page reads', async ({ page }) => {
  await openLab(page);
  const text = (await bytesOf(await exported(page, /Run \(JSON\)/))).toString();
  const bundled: unknown = await page.evaluate(async () => (await fetch('./runs/default.json')).json());
  expect(JSON.parse(text)).toEqual(bundled);
});

test('the crosshair is shared, and moves by keys', async ({ page }) => {
  await openLab(page);
  const slider = page.getByRole('slider', { name: 'Response length, benign queries: step' });
  await slider.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', /^step 1: rollouts [\d.]+, smoothed [\d.]+$/);
  await expect(page.locator('.crosshair-line')).toHaveCount(8);
  // The key that steps a run elsewhere acts on the chart here.
  await expect(page.locator('.progress-step')).toContainText('step 0');
  await page.keyboard.press('Escape');
  await expect(page.locator('.crosshair-line')).toHaveCount(0);
});

test('samples can be browsed by kind, prompt and step', async ({ page }) => {
  await openLab(page);
  const samples = page.getByRole('region', { name: 'Samples' });
  const prompt = samples.locator('.samples-query');
  await samples.getByRole('button', { name: 'harmful' }).click();
  const first = await prompt.innerText();
  await samples.getByRole('button', { name: 'Next prompt' }).click();
  await expect(prompt).not.toHaveText(first);
  await samples.getByRole('slider').fill('0');
  await expect(samples.getByRole('heading', { name: 'Student, untrained' })).toBeVisible();
});

test('keys open help and constitution, and the dialogs return the focus', async ({ page }) => {
  await openLab(page);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'What this is' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const edit = page.getByRole('button', { name: 'Edit or import' });
  await edit.focus();
  await page.keyboard.press('c');
  await expect(page.getByRole('dialog', { name: 'Constitution' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(edit).toBeFocused();
});

test('single letters can be switched off as shortcuts', async ({ page }) => {
  await openLab(page);
  await page.getByRole('button', { name: 'Help and shortcuts' }).click();
  await page.getByLabel('Letters are shortcuts').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('on a phone it shows one pane at a time, which fits and is accessible', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openLab(page);
  for (const pane of ['Samples', 'Setup', 'Charts']) {
    await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: pane }).click();
    await expectAccessible(page);
    await expectFits(page, pane);
  }
});

test('the theme can be switched and is remembered', async ({ page }) => {
  await openLab(page);
  const background = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: /^Theme: system/ }).click();
  await page.getByRole('button', { name: /^Theme: light/ }).click();
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.reload();
  await expect(page.getByRole('button', { name: /^Theme: dark/ })).toBeVisible();
  expect(await background()).toBe(dark);
});
