import { downloaded } from './support/downloads.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { control, expectStep, milestone, openLab, TINY } from './support/lab-page.ts';

const SMALL_COPSD = {
  ...TINY,
  recipe: 'copsd',
  'calibration.pairs': '8',
  'calibration.epochs': '1',
} as const;

// A trace would keep the 27 MB of WebAssembly that the frontier runs on.
test.use({ trace: 'off' });

test('COPSD trains: the frontier answers, the teacher is calibrated, the student learns', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await openLab(page, SMALL_COPSD);
  await control(page, 'Run').click();
  await expect(milestone(page)).toHaveText('Run 1 finished after 3 steps.', { timeout: 220_000 });
  await expectStep(page, 3);
  await page.getByRole('button', { name: 'Cross-SFT', exact: true }).click();
  const kept = page.getByRole('region', { name: 'Calibrated teachers of this page' });
  await expect(kept.getByRole('listitem')).toHaveText(
    /^calibrated-[0-9a-f]{10}this run’s8 pairs, 1 epoch, under “.*MiB/,
  );
  const download = await downloaded(page, () =>
    kept.getByRole('button', { name: /^Download calibrated-/ }).click(),
  );
  expect(download.suggestedFilename()).toMatch(/^copsd-calibrated-[0-9a-f]{10}-teacher\.safetensors$/);
  await expectAccessible(page);
});
