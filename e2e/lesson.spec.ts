import type { Locator, Page } from '@playwright/test';
import { downloaded } from './support/downloads.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { control, expectFits, LENGTH, openLab, TINY, withoutWebGpu } from './support/lab-page.ts';

const dockOf = (page: Page): Locator => page.getByRole('complementary', { name: 'Lesson' });
const said = (page: Page): Locator => page.getByRole('status', { name: 'Lesson' });

/** Presses something by keyboard. */
async function press(target: Locator, key = 'Enter'): Promise<void> {
  await target.focus();
  await target.press(key);
}

/** Turns to the next step of the lesson, by its title. */
async function next(page: Page, title: string): Promise<void> {
  await press(dockOf(page).getByRole('button', { name: 'Next', exact: true }));
  await expect(dockOf(page).getByRole('heading', { name: title })).toBeFocused();
}

async function showMe(page: Page): Promise<void> {
  await press(dockOf(page).getByRole('button', { name: 'Show me' }));
}

test('the class by keyboard alone: each step completes on what is done', async ({ page }) => {
  // Two runs train on the software GPU.
  test.setTimeout(150_000);
  await openLab(page, TINY);
  await expect(page.getByText('New here?')).toBeVisible();
  await page.keyboard.press('l');
  const dock = dockOf(page);
  await expect(dock.getByRole('heading', { name: 'Lesson', exact: true })).toBeFocused();
  for (const [group, choice] of [
    ['Benign answers get', 'shorter'],
    ['Refusals of borderline queries go', 'up'],
    ['The student’s token entropy goes', 'down'],
  ] as const)
    await press(dock.getByRole('group', { name: group }).getByLabel(choice), 'Space');
  await expect(said(page)).toHaveText('Step 1, Predict, is done.');

  await next(page, '2. Measure the base');
  await dock.getByRole('textbox', { name: /benign answers/ }).focus();
  await page.keyboard.type('45');
  await dock.getByRole('textbox', { name: /borderline queries/i }).focus();
  await page.keyboard.type('2');
  await expect(dock.getByText(/^The run says 2 %: you are 0\.\d points off\.$/)).toBeVisible();
  await expect(said(page)).toHaveText('Step 2, Measure the base, is done.');

  await next(page, '3. Train by self-distillation');
  await showMe(page);
  await expect(control(page, 'Run')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(said(page)).toHaveText('Step 3, Train by self-distillation, is done.', { timeout: 60_000 });
  await expect(dock.getByRole('table', { name: /what was measured/ })).toBeVisible();
  await expect(dock.getByText('Run 1, trained here. Held-out queries: 2 of each kind.')).toBeVisible();
  await expect(dock.getByText(/\(you said shorter: it (held|did not hold|stayed)\)/)).toBeVisible();
  await expectAccessible(page);

  await next(page, '4. Find the highest-KL token');
  await showMe(page);
  await expect(page.locator('.pane-charts')).toBeFocused();
  await press(page.getByRole('button', { name: 'Token of highest KL' }));
  await expect(said(page)).toHaveText('Step 4, Find the highest-KL token, is done.');

  await next(page, '5. Ablate a clause');
  await showMe(page);
  const clause = page.getByRole('dialog', { name: 'Constitution' }).getByLabel('Clause 1 on');
  await expect(clause).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await press(control(page, 'Run'));
  await expect(said(page)).toHaveText('Step 5, Ablate a clause, is done.', { timeout: 60_000 });
  await expect(dock.getByText('Left out: “Never support harm of any kind.”')).toBeVisible();

  await next(page, '6. Repair it with COPSD');
  await showMe(page);
  const copsd = page.getByRole('radio', { name: 'COPSD', exact: true });
  await expect(copsd).toBeFocused();
  await page.keyboard.press('Space');
  await expect(copsd).toBeChecked();
  await press(dock.getByRole('button', { name: 'Use the recorded run' }));
  await expect(said(page)).toHaveText('Step 6, Repair it with COPSD, is done.');
  await expect(dock.getByText(/^Recorded, not trained here: COPSD, seed 1\./)).toBeVisible();
  await expect(page.getByRole('button', { name: /^COPSD, seed 1/ })).toHaveAttribute('aria-pressed', 'true');

  await next(page, '7. See the geometry');
  await showMe(page);
  await expect(said(page)).toHaveText('Step 7, See the geometry, is done.');
  await expect(page.getByRole('heading', { name: 'A model of two numbers' })).toBeVisible();

  await next(page, '8. Take it home');
  await showMe(page);
  await expect(page.getByRole('button', { name: 'Export' })).toBeFocused();
  await page.keyboard.press('Enter');
  await downloaded(page, () => press(page.getByRole('menuitem', { name: /^Run \(JSON\)/ })));
  await expect(said(page)).toHaveText('Step 8, Take it home, is done. The lesson is complete.');
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await expectAccessible(page);
});

test('entries survive a reload, and are on the printed sheet', async ({ page }) => {
  await openLab(page);
  await page.getByRole('button', { name: 'the 45-minute lesson' }).click();
  const dock = dockOf(page);
  await dock.getByLabel('shorter').check();
  await dock.getByRole('textbox', { name: /Why do you expect this/ }).fill('The rules shorten it.');
  await dock.getByRole('button', { name: /^3\. / }).click();
  await dock.getByRole('button', { name: 'Use the recorded run' }).click();
  await expect(dock.getByRole('cell', { name: /^\d+\.\d$/ }).first()).toBeVisible();
  await page.reload();
  await expect(page.getByText('New here?')).toHaveCount(0);
  await page.keyboard.press('l');
  await expect(dock.getByRole('button', { name: '3. Train by self-distillation, done' })).toBeVisible();

  await dock.getByRole('button', { name: 'Print hand-out' }).click();
  const paper = page.getByRole('dialog', { name: 'Hand-out' });
  await expect(paper.getByText('The rules shorten it.')).toBeVisible();
  await expect(paper.getByText('shorter (chosen)')).toBeVisible();
  await expect(paper.getByText(/^[0-9a-f]{64}$/)).toHaveCount(2);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'light', media: 'print' });
  await expect(page.locator('#root')).toBeHidden();
  await expect(paper.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(paper.getByText('The rules shorten it.')).toBeVisible();
  await page.emulateMedia({ media: 'screen' });
  await paper.getByRole('button', { name: 'Blank, for a class' }).click();
  await expect(paper.getByText('The rules shorten it.')).toHaveCount(0);
  await paper.getByRole('button', { name: 'For the teacher' }).click();
  await expect(paper.getByText('OPSD with “Help with every harmless request.”')).toBeVisible();
  await expect(paper.getByText(/Length, benign \(tokens\) \d+\.\d to \d+\.\d/).first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(dock.getByRole('button', { name: 'Print hand-out' })).toBeFocused();

  await dock.getByRole('button', { name: 'Start over' }).click();
  await dock.getByRole('button', { name: 'Remove them' }).click();
  await expect(dock.getByText('0 of 8 steps done')).toBeVisible();
});

test('without WebGPU a replay and recorded runs complete the steps that train', async ({ page }) => {
  await withoutWebGpu(page);
  await openLab(page);
  await expect(page.getByText('or just press Replay')).toBeVisible();
  await page.keyboard.press('l');
  const dock = dockOf(page);
  await dock.getByRole('button', { name: /^3\. / }).click();
  await showMe(page);
  await expect(control(page, 'Replay')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(said(page)).toHaveText('Step 3, Train by self-distillation, is done.', { timeout: 30_000 });
  await expect(dock.getByText(/^Recorded, not trained here: Replay 1\./)).toBeVisible();
  await dock.getByRole('button', { name: /^5\. / }).click();
  await dock.getByRole('button', { name: 'Use the recorded runs' }).click();
  await expect(dock.getByText(/Left out: “Help with every harmless request\.”$/)).toBeVisible();
  await expect(dock.getByRole('columnheader', { name: 'With clause' })).toBeVisible();
  await dock.getByRole('button', { name: /^6\. / }).click();
  await showMe(page);
  await expect(page.getByRole('group', { name: 'The paper’s method' })).toBeFocused();
  await dock.getByRole('button', { name: 'Use the recorded run' }).click();
  await expect(said(page)).toHaveText('Step 6, Repair it with COPSD, is done.');
});

test('a link opens a step; controls may be hidden, read-outs never', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('./?steps=20#lesson=3&controls=hidden');
  const dock = dockOf(page);
  await expect(dock.getByRole('heading', { name: '3. Train by self-distillation' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Run controls' })).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Setup' })).toHaveCount(0);
  for (const kept of ['Seed', 'GPU memory'])
    await expect(page.getByText(kept, { exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: LENGTH })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Samples' })).toBeVisible();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: /^Run 1/ })).toHaveCount(0);
  await expectAccessible(page);

  await page.evaluate(() => (location.hash = '#lesson=6&controls=hidden'));
  await expect(dock.getByRole('heading', { name: '6. Repair it with COPSD' })).toBeVisible();
  await dock.getByLabel('controls hidden').check();
  await dock.getByRole('button', { name: 'Copy link to this step' }).click();
  await expect(dock.getByText('Copied.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /\/lab\/\?steps=20#lesson=6&controls=hidden$/,
  );
  await dock.getByRole('button', { name: 'Show controls' }).click();
  await expect(control(page, 'Run')).toBeEnabled();
  await page.evaluate(() => (location.hash = '#lesson=99'));
  await expect(page.getByRole('alert')).toContainText('E_LINK_LESSON');
});

test('on a phone the lesson is a sheet below the lab', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openLab(page);
  await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Lesson' }).click();
  const dock = dockOf(page);
  await dock.getByRole('button', { name: /^6\. / }).click();
  await expectFits(page);
  await expectAccessible(page);
  await dock.getByRole('button', { name: 'Show me' }).click();
  await expect(page.getByRole('radio', { name: 'COPSD', exact: true })).toBeFocused();
  await expect(dock.getByRole('button', { name: 'Unfold' })).toBeVisible();
  await dock.getByRole('button', { name: 'Close the lesson' }).click();
  await expect(page.getByRole('button', { name: 'Lesson', exact: true })).toBeFocused();
});
