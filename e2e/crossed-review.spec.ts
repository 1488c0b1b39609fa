import { expect, expectAccessible, test } from './support/fixtures.ts';
import { control, milestone, openLab, TINY } from './support/lab-page.ts';

// A trace would keep the 27 MB of WebAssembly that the frontier runs on.
test.use({ trace: 'off' });

test('a run waits for review of its crossed set, and learns from the rows kept', async ({ page }) => {
  test.setTimeout(180_000);
  await openLab(page, {
    ...TINY,
    steps: '2',
    recipe: 'copsd',
    'calibration.pairs': '8',
    'calibration.epochs': '1',
    'calibration.review': 'true',
  });
  await control(page, 'Run').click();
  await expect(milestone(page)).toHaveText('Run 1 waits: the 8 pairs of its crossed set can be reviewed.', {
    timeout: 120_000,
  });
  await page.getByRole('button', { name: 'Look at the pairs' }).click();
  await expect(page.locator('.pair')).toHaveCount(8);
  await page.getByRole('button', { name: 'Leave pair 2 out' }).click();
  await page.getByRole('button', { name: 'Leave pair 5 out' }).press('Enter');
  await page.getByRole('button', { name: 'Take pair 2 in again' }).click();
  await expect(page.locator('.pair-dropped')).toHaveCount(1);
  await expectAccessible(page);

  await page.locator('.crossed-waits').getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('The teacher learnt from 7 pairs.')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: /^Leave|^Take/ })).toHaveCount(0);
  await expect(page.getByText('Run 1 finished after 2 steps.')).toBeAttached({ timeout: 60_000 });
});
