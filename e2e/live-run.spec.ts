import { expect, expectAccessible, test } from './support/fixtures.ts';
import { control, expectStep, line, milestone, openLab, openSettings, TINY } from './support/lab-page.ts';
import { longestTask } from './support/main-thread.ts';

const LENGTH = 'Response length tokens';

test('Run trains the model here: charts stream, and the run finishes', async ({ page }) => {
  await openLab(page, TINY);
  await control(page, 'Run').click();
  await expect(page.getByRole('button', { name: 'Run 1 live' })).toHaveAttribute('aria-pressed', 'true');
  await expect(milestone(page)).toHaveText('Run 1 finished after 3 steps.', { timeout: 80_000 });
  await expectStep(page, 3);
  await expect(line(page, 'KL to teacher nats/token')).toHaveAttribute('d', /^M[\d. ]+L/);
  await expect(page.getByText('GPU memory').locator('+ dd')).toHaveText(/MiB/);
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Recorded run recorded' }).click();
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M[\d. ]+L/);
});

test('a run goes by single steps, pauses, goes on, stops, and is accessible meanwhile', async ({ page }) => {
  await openLab(page, { ...TINY, steps: '40', 'evaluation.every': '40' });
  await page.keyboard.press('ArrowRight');
  await expectStep(page, 1);
  await expect(control(page, 'Continue')).toBeEnabled();
  await page.keyboard.press('ArrowRight');
  await expectStep(page, 2);
  await page.keyboard.press('Space');
  await expectStep(page, /^([3-9]|\d\d)$/);
  await expectAccessible(page);
  await page.keyboard.press('Space');
  await expect(milestone(page)).toHaveText(/^Run 1 is paused at step \d+ of 40\.$/);
  await control(page, 'Stop').click();
  await expect(milestone(page)).toHaveText(/^Run 1 stopped at step \d+\.$/);
  await control(page, 'Reset').click();
  await expectStep(page, 0);
  await expect(page.getByRole('button', { name: 'Run 1 stopped' })).toBeVisible();
});

test('live settings reach the run; structural ones offer a restart that names them', async ({ page }) => {
  await openLab(page, { ...TINY, steps: '40', 'evaluation.every': '40' });
  await control(page, 'Run').click();
  await expectStep(page, /^\d+$/);
  await page.getByRole('textbox', { name: /^Learning rate/ }).fill('0.002');
  const objective = await openSettings(page, 'Objective');
  await objective.getByRole('combobox', { name: 'The student minimises' }).selectOption('forward-kl');
  const changes = page.getByRole('region', { name: 'Changes that need a restart' });
  await expect(changes.getByRole('listitem')).toHaveText(['Objective: Reverse KL → Forward KL']);
  await expectStep(page, /^[1-9]\d*$/);
  await changes.getByRole('button', { name: 'Restart with changes' }).click();
  await expect(page.getByRole('button', { name: 'Run 2 live' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText(/Run 2, trained in this browser: OPSD · Forward KL/)).toBeVisible();
  await expect(changes).toHaveCount(0);
  await control(page, 'Stop').click();
  await page.getByRole('button', { name: 'Run 1 stopped' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('button', { name: 'Export' })
      .click()
      .then(() => page.getByRole('menuitem', { name: /Steps \(CSV\)/ }).click()),
  ]);
  const csv = Buffer.concat(await (await file.createReadStream()).toArray()).toString();
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

test('the page stays responsive while a run streams: no task over 50 ms', async ({ page, browser }) => {
  await openLab(page, { ...TINY, steps: '200', 'evaluation.every': '5' });
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
  await control(page, 'Run').click();
  await expectStep(page, /^[1-9]\d*$/);
  expect(await longestTask(browser, page, 8)).toBeLessThan(50);
  await expectStep(page, /^([2-9]|\d\d+)$/);
});
