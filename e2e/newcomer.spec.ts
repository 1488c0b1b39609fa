import type { Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { FRESH } from '../src/state/lesson-kept.ts';
import { dropFiles } from './support/drop-files.ts';
import { expect, test } from './support/fixtures.ts';
import { control, expectStep, line, milestone, openLab, openSettings, TINY } from './support/lab-page.ts';

const LENGTH = 'Response length tokens';
const MOST_ACTIONS = 5;

test.describe.configure({ timeout: 120_000 });

/** Does one thing after another as a person would (a press, a drop, a number typed) and counts them. */
function newcomer() {
  let actions = 0;
  return {
    async act<T>(action: Promise<T>): Promise<T> {
      actions += 1;
      expect(actions, 'actions from the first screen').toBeLessThanOrEqual(MOST_ACTIONS);
      return await action;
    },
  };
}

const button = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click();

const finished = (page: Page): Promise<void> =>
  expect(milestone(page)).toHaveText(/^Run 1 finished/, { timeout: 90_000 });

test('a newcomer runs the demo', async ({ page }) => {
  const { act } = newcomer();
  await openLab(page, TINY);
  await act(control(page, 'Run').click());
  await finished(page);
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M[\d. ]+L/);
});

test('a newcomer finds the highest-KL token', async ({ page }) => {
  const { act } = newcomer();
  await openLab(page);
  await act(button(page, /^Tokens$/));
  await act(button(page, 'Token of highest KL'));
  await expect(page.getByText('This is the token of highest KL.')).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Token \d+ of \d+/ })).toBeVisible();
});

test('a newcomer drops a constitution', async ({ page }) => {
  const { act } = newcomer();
  await openLab(page);
  await act(dropFiles(page, { name: 'ours.txt', bytes: Buffer.from('Never help with theft.\nBe brief.\n') }));
  await expect(page.getByRole('dialog', { name: 'Constitution' }).getByRole('status')).toContainText(
    'ours.txt',
  );
  await act(page.keyboard.press('Escape'));
  await expect(page.locator('.summary-clauses')).toContainText('Never help with theft.');
});

test('a newcomer compares OPSD with COPSD', async ({ page }) => {
  const { act } = newcomer();
  await openLab(page);
  await act(button(page, 'Compare'));
  const dialog = page.getByRole('dialog', { name: 'Compare runs' });
  await act(dialog.getByRole('button', { name: 'Dynamics' }).click());
  const figure = dialog.locator('.figure');
  await expect(figure.getByText('COPSD', { exact: true }).first()).toBeVisible();
  await expect(figure.getByText('OPSD', { exact: true }).first()).toBeVisible();
});

test('a newcomer exports an adapter', async ({ page }) => {
  const { act } = newcomer();
  await openLab(page, TINY);
  const weights = await act(openSettings(page, 'Trained weights'));
  await act(weights.getByRole('combobox', { name: 'Trained weights' }).selectOption('lora'));
  await act(control(page, 'Run').click());
  await finished(page);
  await act(button(page, 'Export'));
  const download = page.waitForEvent('download');
  await act(page.getByRole('menuitem', { name: /LoRA adapter/ }).click());
  const stream = await (await download).createReadStream();
  const files = unzipSync(Buffer.concat(await stream.toArray()));
  expect(Object.keys(files)).toContain('adapter_model.safetensors');
});

test('a newcomer resumes a run after a reload', async ({ page }) => {
  const { act } = newcomer();
  await openLab(page, { ...TINY, steps: '4', 'evaluation.every': '1' });
  await control(page, 'Run').click();
  await expectStep(page, /^[2-4]$/);
  await act(page.reload());
  await act(button(page, /^Resume/));
  await expect(milestone(page)).toHaveText(/finished after 4 steps/, { timeout: 90_000 });
});

test('a newcomer shares the settings', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { act } = newcomer();
  await openLab(page);
  await act(button(page, 'Share'));
  await act(button(page, 'Copy link'));
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/#share=1\./);
});

test('a newcomer changes the learning rate of a live run', async ({ page }) => {
  const { act } = newcomer();
  await openLab(page, { ...TINY, steps: '40', 'evaluation.every': '40' });
  await act(control(page, 'Run').click());
  await expectStep(page, /^[1-9]\d*$/);
  await act(page.getByRole('textbox', { name: /^Learning rate/ }).fill('0.002'));
  await expect(page.getByRole('region', { name: 'Changes that need a restart' })).toHaveCount(0);
  await act(control(page, 'Stop').click());
  await act(button(page, 'Export'));
  const download = page.waitForEvent('download');
  await act(page.getByRole('menuitem', { name: /^Run \(JSON\)/ }).click());
  const text = Buffer.concat(await (await (await download).createReadStream()).toArray()).toString();
  const { liveChanges } = (JSON.parse(text) as { receipt: { liveChanges: unknown[] } }).receipt;
  expect(liveChanges).toMatchObject([{ learningRate: 0.002 }]);
});

test('a newcomer opens the geometry', async ({ page }) => {
  const { act } = newcomer();
  await openLab(page);
  await act(button(page, /^Geometry$/));
  await expect(page.getByRole('heading', { name: 'Measured on this run' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'A model of two numbers' })).toBeVisible();
});

test('a learner who has done seven steps of the lesson finishes it', async ({ page }) => {
  await page.addInitScript(
    kept => localStorage.setItem('copsd-lesson', kept),
    JSON.stringify({
      version: 1,
      value: {
        ...FRESH,
        step: 'take-home',
        done: ['predict', 'baseline', 'train', 'token', 'ablate', 'copsd', 'geometry'],
      },
    }),
  );
  const { act } = newcomer();
  await openLab(page);
  await act(button(page, /^Lesson/));
  await act(button(page, 'Show me'));
  await expect(page.getByRole('button', { name: 'Export' })).toBeFocused();
  await act(page.keyboard.press('Enter'));
  const download = page.waitForEvent('download');
  await act(page.getByRole('menuitem', { name: /^Receipt/ }).click());
  await download;
  await expect(page.getByRole('status', { name: 'Lesson' })).toContainText('The lesson is complete.');
});
