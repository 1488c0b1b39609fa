import { BEAT_MS, SILENT_MS } from '../src/client/heartbeat.ts';
import { bytesOf, downloaded, exported } from './support/downloads.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import {
  control,
  expectMoreSteps,
  expectStep,
  LENGTH,
  line,
  openLab,
  TINY,
  withoutWebGpu,
} from './support/lab-page.ts';

const LONG = { ...TINY, steps: '60', 'evaluation.every': '60', debug: '' };

test.describe('without WebGPU', () => {
  test.beforeEach(({ page }) => withoutWebGpu(page));

  test('the recorded run is replayed, with the reason and what to do', async ({ page }) => {
    await openLab(page);
    await expect(page.getByRole('alert')).toContainText('This browser offers no WebGPU');
    await expect(page.getByRole('alert')).toContainText('chrome://settings/system');
    await expect(line(page, LENGTH)).toHaveAttribute('d', /^M[\d. ]+L/);
    await expectAccessible(page);
    await page.keyboard.press('ArrowRight');
    await expectStep(page, 1);
    await control(page, 'Continue').click();
    await expectStep(page, /^[3-9]$/);
    await control(page, 'Pause').click();
    await expect(page.getByText('Replay of the recorded run')).toBeVisible();
    expect(page.workers()).toHaveLength(0);
  });
});

test('without an adapter it says so', async ({ page }) => {
  await page.addInitScript(() => {
    GPU.prototype.requestAdapter = () => Promise.resolve(null);
  });
  await openLab(page);
  await expect(page.getByRole('alert')).toContainText('found no graphics adapter');
  await expect(page.getByRole('button', { name: 'Replay' })).toBeEnabled();
});

test('a run recovers from a lost device once by itself; the second time it fails with its data, and resumes on request', async ({
  page,
}) => {
  // Three devices, each with its own compilation.
  test.setTimeout(180_000);
  await openLab(page, LONG);
  await control(page, 'Run').click();
  await expectStep(page, /^[1-9]\d*$/);
  await page.evaluate(() => window.copsdLab?.loseDevice());
  const alert = page.getByRole('alert');
  await expect(alert).toContainText(
    /The run went on by itself, on a new device, from the weights after step \d+/,
    {
      timeout: 30_000,
    },
  );
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  await expectMoreSteps(page);
  await page.evaluate(() => window.copsdLab?.loseDevice());
  await expect(alert).toContainText('E_GPU_LOST');
  await expect(alert).toContainText(/weights after step \d+/);
  await expect(alert).toContainText('Reload the page');
  const file = await downloaded(page, () =>
    alert.getByRole('button', { name: 'Download what there is' }).click(),
  );
  expect(file.suggestedFilename()).toBe('copsd-run-1-record.json');
  await expectAccessible(page);
  await alert.getByRole('button', { name: 'Continue from the last good weights' }).click();
  await expect(control(page, 'Continue')).toBeEnabled({ timeout: 30_000 });
  await control(page, 'Continue').click();
  await expectMoreSteps(page);
});

test('a killed worker is noticed; the data stay, and a new worker resumes from the checkpoint', async ({
  page,
}) => {
  // Two workers, each with its own compilation.
  test.setTimeout(180_000);
  await page.clock.install();
  await openLab(page, LONG);
  await control(page, 'Run').click();
  await expectStep(page, /^[1-9]\d*$/);
  await page.evaluate(() => window.copsdLab?.killWorker());
  // Silence lasts until the page's own clock says that it was long enough.
  await page.clock.runFor(SILENT_MS + 2 * BEAT_MS);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('E_WORKER_SILENT');
  const csv = (await bytesOf(await exported(page, /Steps/))).toString();
  expect(csv.split('\r\n').length).toBeGreaterThan(2);
  await expect(alert.getByRole('button', { name: 'Restart worker and run again' })).toBeEnabled();
  await alert.getByRole('button', { name: /^Resume from step \d+$/ }).click();
  await expect(page.getByRole('button', { name: 'Run 1 live' })).toBeVisible();
  await expectMoreSteps(page);
});

test.describe('missing files', () => {
  test.use({ expectedErrors: [/404|503/] });

  test('a worker script that does not load is a fault, not a wait', async ({ page, context }) => {
    await context.route(/lab\.worker-.*\.js/, route => route.fulfill({ status: 404, body: '' }));
    await openLab(page, TINY);
    await control(page, 'Run').click();
    await expect(page.getByRole('alert')).toContainText('E_WORKER_CRASHED');
    await expect(page.getByRole('alert').getByRole('button', { name: /Restart worker/ })).toBeVisible();
  });

  test('without its recorded run the page says so, and still trains', async ({ page, context }) => {
    await context.route(/runs\/default\.json/, route => route.fulfill({ status: 503, body: '' }));
    await openLab(page, TINY);
    await expect(page.getByRole('alert')).toContainText('E_RECORD_MISSING');
    await expect(control(page, 'Run')).toBeEnabled();
  });
});
