import type { Locator } from '@playwright/test';
import type { RunRecord } from '../src/record/run-record.ts';
import { bytesOf, downloaded, exported } from './support/downloads.ts';
import { ALONE, expect, expectAccessible, test } from './support/fixtures.ts';
import {
  control,
  expectMoreSteps,
  expectStep,
  LENGTH,
  line,
  milestone,
  openLab,
  openSettings,
  TINY,
} from './support/lab-page.ts';
import { longestTask } from './support/main-thread.ts';
import { newcomer } from './support/newcomer.ts';

test(
  'a run goes by single steps, is looked into, streams, pauses, and stops, and is accessible meanwhile',
  ALONE,
  async ({ page, browser }) => {
    test.setTimeout(150_000);
    await openLab(page, { ...TINY, steps: '200', 'evaluation.every': '5', 'evaluation.geometry': 'true' });
    await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
    await page.keyboard.press('ArrowRight');
    await expectStep(page, 1);
    await expect(control(page, 'Continue')).toBeEnabled();

    await test.step('between two evaluations the student can be read', async () => {
      const view = page.getByRole('group', { name: 'View of the run' });
      await view.getByRole('button', { name: 'Tokens', exact: true }).click();
      const slider = page.getByRole('slider', { name: 'Step to inspect' });
      await expect(slider).toHaveAttribute('aria-valuetext', 'step 0, before training');
      const readNow = page.getByRole('button', { name: 'Read the student now' });
      await readNow.focus();
      await page.keyboard.press('Space');
      await expect(slider).toHaveAttribute('aria-valuetext', 'step 1');
      await expect(readNow).toHaveAttribute('aria-disabled', 'true');
      await expect(readNow).toBeFocused();
      await page.keyboard.press('Space');
      await expect(control(page, 'Continue')).toBeEnabled();
      await view.getByRole('button', { name: 'Charts', exact: true }).click();
      await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
      // Space acts on the button while it has the focus.
      await page.getByRole('heading', { level: 1 }).click();
    });

    await page.keyboard.press('ArrowRight');
    await expectStep(page, 2);
    await page.keyboard.press('Space');
    await expectStep(page, /^([3-9]|\d\d+)$/);

    await test.step('the page stays responsive while the run streams: no task over 50 ms', async () => {
      expect(await longestTask(browser, page, 8)).toBeLessThan(50);
      await expectMoreSteps(page);
    });

    // A colour in transition has the contrast of neither end.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectAccessible(page);
    await page.keyboard.press('Space');
    await expect(milestone(page)).toHaveText(/^Run 1 is paused at step \d+ of 200\.$/);
    await control(page, 'Stop').click();
    await expect(milestone(page)).toHaveText(/^Run 1 stopped at step \d+\.$/);
    await control(page, 'Reset').click();
    await expectStep(page, 0);
    await expect(page.getByRole('button', { name: 'Run 1 stopped' })).toBeVisible();
  },
);

test('live settings reach the run, in five actions; structural ones offer a restart that names them', async ({
  page,
}) => {
  test.setTimeout(150_000);
  await openLab(page, { ...TINY, steps: '200', 'evaluation.every': '200' });
  const changes = page.getByRole('region', { name: 'Changes that need a restart' });
  const run = (number: number, state: string): Locator =>
    page.getByRole('button', { name: `Run ${number} ${state}` });

  const { act } = newcomer();
  await act(control(page, 'Run').click());
  await expectStep(page, /^[1-9]\d*$/);
  await expect(milestone(page)).toHaveText('Run 1 started.');
  await act(page.getByRole('textbox', { name: /^Learning rate/ }).fill('0.002'));
  // It reaches the run a moment later, and applies from the next step.
  await expectMoreSteps(page);
  await expectMoreSteps(page);
  await expect(changes).toHaveCount(0);
  await act(control(page, 'Stop').click());
  await act(page.getByRole('button', { name: 'Export' }).click());
  const item = page.getByRole('menuitem', { name: /^Run \(JSON\)/ });
  const record = await act(downloaded(page, () => item.click()));
  const { receipt } = JSON.parse((await bytesOf(record)).toString()) as RunRecord;
  expect(receipt.liveChanges).toMatchObject([{ learningRate: 0.002 }]);

  await test.step('a clause that is switched off', async () => {
    await control(page, 'Run').click();
    await expect(run(2, 'live')).toBeVisible();
    await expectStep(page, /^[1-9]\d*$/);
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Constitution' });
    await dialog.getByLabel('Clause 2 on').uncheck();
    const here = dialog.getByRole('region', { name: 'Changes that need a restart' });
    await expect(here.getByRole('listitem')).toContainText('clause 2 switched off');
    await here.getByRole('button', { name: 'Restart with changes' }).click();
    await page.keyboard.press('Escape');
    await expect(run(3, 'live')).toHaveAttribute('aria-pressed', 'true');
  });

  await test.step('another objective', async () => {
    await page.getByRole('textbox', { name: /^Learning rate/ }).fill('0.001');
    const objective = await openSettings(page, 'Objective');
    await objective.getByRole('combobox', { name: 'The student minimises' }).selectOption('forward-kl');
    await expect(changes.getByRole('listitem')).toHaveText(['Objective: Reverse KL → Forward KL']);
    await expectStep(page, /^[1-9]\d*$/);
    await changes.getByRole('button', { name: 'Restart with changes' }).click();
    await expect(run(4, 'live')).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByText(/Run 4, trained in this browser: OPSD · Forward KL/)).toBeVisible();
    await expect(changes).toHaveCount(0);
  });

  await control(page, 'Stop').click();
  await run(3, 'stopped').click();
  const csv = (await bytesOf(await exported(page, /Steps \(CSV\)/))).toString();
  expect(csv.split('\r\n').length).toBeGreaterThan(2);
});

test('a setting out of range is named, and nothing runs', async ({ page }) => {
  await openLab(page);
  const steps = page.getByRole('textbox', { name: /^Steps/ });
  await steps.fill('0');
  await expect(page.getByText('Steps must be at least 1. Range: 1 to 100,000.')).toBeVisible();
  await expect(control(page, 'Run')).toBeDisabled();
  await steps.fill('12');
  await expect(control(page, 'Run')).toBeEnabled();
});

test('a link with a wrong setting says so and sets nothing', async ({ page }) => {
  await openLab(page, { steps: '-4' });
  await expect(page.getByRole('alert')).toContainText('Steps must be at least 1');
  await expect(page.getByRole('textbox', { name: /^Steps/ })).not.toHaveValue('-4');
});
