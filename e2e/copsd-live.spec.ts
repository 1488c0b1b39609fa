import { downloaded } from './support/downloads.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { control, expectStep, milestone, openLab, TINY } from './support/lab-page.ts';

// That a run whose pairs nobody asked to look at does not wait for them is tested without a page: recipes and calibration.
const SMALL_COPSD = {
  ...TINY,
  recipe: 'copsd',
  'calibration.pairs': '8',
  'calibration.epochs': '1',
  'calibration.review': 'true',
} as const;

// A trace would keep the 27 MB of WebAssembly that the frontier runs on.
test.use({ trace: 'off' });

test('COPSD trains: the frontier answers, its crossed set is reviewed, the teacher learns from the rows kept, the student learns', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await openLab(page, SMALL_COPSD);
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
  await expect(milestone(page)).toHaveText('Run 1 finished after 3 steps.', { timeout: 120_000 });
  await expectStep(page, 3);
  const kept = page.getByRole('region', { name: 'Calibrated teachers of this page' });
  await expect(kept.getByRole('listitem')).toHaveText(
    /^calibrated-[0-9a-f]{10}this run’s7 pairs, 1 epoch, under “.*MiB/,
  );
  const download = await downloaded(page, () =>
    kept.getByRole('button', { name: /^Download calibrated-/ }).click(),
  );
  expect(download.suggestedFilename()).toMatch(/^copsd-calibrated-[0-9a-f]{10}-teacher\.safetensors$/);
  await expectAccessible(page);
});
