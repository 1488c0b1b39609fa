import type { Page } from '@playwright/test';
import type { RunRecord } from '../src/record/run-record.ts';
import { bytesOf, exported } from './support/downloads.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { control, expectStep, LENGTH, line, openLab, TINY } from './support/lab-page.ts';
import { newcomer } from './support/newcomer.ts';

const SHORT = { ...TINY, steps: '4', 'evaluation.geometry': 'true' };

/** The run on show, as exported. */
async function shownRun(page: Page): Promise<RunRecord> {
  return JSON.parse((await bytesOf(await exported(page, /Run \(JSON\)/))).toString()) as RunRecord;
}

const finished = (page: Page, run: string, steps: number) =>
  expect(page.getByRole('status').filter({ hasText: `${run} finished after ${steps} steps.` })).toBeAttached({
    timeout: 60_000,
  });

/** Files of the only kept run. */
const keptFiles = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const names: string[] = [];
    try {
      const runs = await (await navigator.storage.getDirectory()).getDirectoryHandle('runs');
      for await (const folder of runs.values())
        for await (const name of (folder as FileSystemDirectoryHandle).keys()) names.push(name);
    } catch {
      // Not made yet.
    }
    return names.sort();
  });

test('a run interrupted by a reload resumes to the same losses; damage is reported, and runs can be deleted', async ({
  page,
}) => {
  // Two trainings, each with its own compilation: a minute and a half on a busy machine.
  test.setTimeout(180_000);
  await openLab(page, SHORT);
  await control(page, 'Run').click();
  await finished(page, 'Run 1', 4);
  const whole = await shownRun(page);

  for (let step = 1; step <= 3; step++) {
    await page.keyboard.press('ArrowRight');
    await expectStep(page, step);
  }
  await page.getByRole('button', { name: 'Kept runs' }).click();
  const row = page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'Run 2' });
  await expect(row).toContainText('running at step 3 of 4');
  await page.keyboard.press('Escape');

  const { act } = newcomer();
  await act(page.reload());
  const notice = page.getByRole('alert').filter({ hasText: 'E_RUN_INTERRUPTED' });
  await expect(notice).toContainText('Run 2 was interrupted at step 3 of 4');
  await expect(page.getByRole('button', { name: 'Run 1 finished' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run 2 interrupted' })).toBeVisible();
  await expectAccessible(page);
  await act(notice.getByRole('button', { name: 'Resume' }).click());
  await finished(page, 'Run 2', 4);
  const rest = await shownRun(page);
  expect(rest.steps.map(({ loss }) => loss)).toEqual(whole.steps.map(({ loss }) => loss));
  expect(rest.evals).toEqual(whole.evals);
  // Of a finished run only the figures are kept.
  await expect.poll(async () => (await keptFiles(page)).filter(name => name.includes('weights'))).toEqual([]);

  await page.reload();
  await page.getByRole('button', { name: 'Run 2 finished' }).click();
  await expect(page.getByText(/Run 2, trained in this browser/)).toBeVisible();
  expect((await shownRun(page)).steps).toEqual(rest.steps);
  await page.evaluate(async () => {
    const runs = await (await navigator.storage.getDirectory()).getDirectoryHandle('runs');
    for await (const folder of runs.values()) {
      const handle = folder as FileSystemDirectoryHandle;
      for await (const name of handle.keys()) {
        if (!name.endsWith('record.json')) continue;
        const file = await handle.getFileHandle(name);
        const text = await (await file.getFile()).text();
        const writer = await file.createWritable();
        await writer.write(text.replace('"loss":', '"lost":'));
        await writer.close();
      }
    }
  });
  await page.reload();
  await page.getByRole('button', { name: 'Run 1 finished' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'E_CHECKPOINT_HASH' })).toContainText('record.json');
  await expect(control(page, 'Run')).toBeEnabled();

  await page.getByRole('button', { name: 'Kept runs' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Delete: Run 2' }).click();
  await dialog.getByRole('button', { name: 'Really delete: Run 2' }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await dialog.getByRole('button', { name: 'Delete: Run 1' }).click();
  await dialog.getByRole('button', { name: 'Really delete: Run 1' }).click();
  await expect(dialog.getByText('No run is kept.')).toBeVisible();
  expect(await keptFiles(page)).toEqual([]);
});

test('a second tab only watches, and takes over when the first gives way or closes', async ({
  page,
  context,
}) => {
  await openLab(page, SHORT);
  await expect(control(page, 'Run')).toBeEnabled();
  const second = await context.newPage();
  await openLab(second, SHORT);
  const notice = second.getByRole('alert').filter({ hasText: 'E_TAB_READ_ONLY' });
  await expect(notice).toContainText('another tab');
  await expect(control(second, 'Run')).toBeDisabled();
  await expectAccessible(second);
  await notice.getByRole('button', { name: 'Replay the recorded run' }).click();
  await expect(control(second, 'Pause')).toBeEnabled();
  await control(second, 'Stop').click();
  await notice.getByRole('button', { name: 'Take over' }).click();
  await expect(control(second, 'Run')).toBeEnabled();
  await expect(control(page, 'Run')).toBeDisabled();
  await second.close();
  await expect(control(page, 'Run')).toBeEnabled();
  await expect(
    page.getByRole('status').filter({ hasText: 'this one trains and keeps runs now' }),
  ).toBeAttached();
});

test('settings and constitution survive a reload, and can be reset', async ({ page }) => {
  await openLab(page);
  const steps = page.getByRole('textbox', { name: /^Steps/ });
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
  const usual = await steps.inputValue();
  await steps.fill('12');
  await page.reload();
  await expect(steps).toHaveValue('12');
  await page.getByRole('button', { name: 'Reset settings' }).click();
  await expect(steps).toHaveValue(usual);
  await page.getByRole('button', { name: 'Undo reset' }).click();
  await expect(steps).toHaveValue('12');
});
