import { unzipSync } from 'fflate';
import { FRESH } from '../src/state/lesson/lesson-store.ts';
import { bytesOf, downloaded } from './support/downloads.ts';
import { dropFiles } from './support/drop-files.ts';
import { expect, test } from './support/fixtures.ts';
import { control, milestone, openLab, openSettings, press, TINY } from './support/lab-page.ts';
import { newcomer } from './support/newcomer.ts';

test.describe.configure({ timeout: 120_000 });

// Three more newcomer tasks are counted where they are tested: the demo (policy), a live learning rate (live-run), a reload (keep).

test('a newcomer finds the highest-KL token', async ({ page }) => {
  const { act } = newcomer();
  await openLab(page);
  await act(press(page, /^Tokens$/));
  await act(press(page, 'Token of highest KL'));
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
  await act(press(page, 'Compare'));
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
  await expect(milestone(page)).toHaveText(/^Run 1 finished/, { timeout: 90_000 });
  await act(press(page, 'Export'));
  const item = page.getByRole('menuitem', { name: /LoRA adapter/ });
  const files = unzipSync(await bytesOf(await act(downloaded(page, () => item.click()))));
  expect(Object.keys(files)).toContain('adapter_model.safetensors');
});

test('a newcomer shares the settings', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { act } = newcomer();
  await openLab(page);
  await act(press(page, 'Share'));
  await act(press(page, 'Copy link'));
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/#share=1\./);
});

test('a newcomer opens the geometry', async ({ page }) => {
  const { act } = newcomer();
  await openLab(page);
  await act(press(page, /^Geometry$/));
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
  await act(press(page, /^Lesson/));
  await act(press(page, 'Show me'));
  await expect(page.getByRole('button', { name: 'Export' })).toBeFocused();
  await act(page.keyboard.press('Enter'));
  await act(downloaded(page, () => page.getByRole('menuitem', { name: /^Receipt/ }).click()));
  await expect(page.getByRole('status', { name: 'Lesson' })).toContainText('The lesson is complete.');
});
