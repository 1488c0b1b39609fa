import type { Page } from '@playwright/test';
import type { RunRecord } from '../src/record/run-record.ts';
import { bytesOf, downloaded } from './support/downloads.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { expectFits, openLab } from './support/lab-page.ts';
import { withRecordedRun } from './support/recorded-runs.ts';

async function openTokens(page: Page): Promise<void> {
  await openLab(page);
  await page.getByRole('button', { name: 'Tokens', exact: true }).click();
  await expect(strip(page)).toBeVisible();
}

const strip = (page: Page) => page.getByRole('listbox', { name: 'Tokens of the answer' });
const selected = (page: Page) => strip(page).getByRole('option', { selected: true });
const recorded = (page: Page): Promise<RunRecord> =>
  page.evaluate(async () => (await (await fetch('./runs/default.json')).json()) as RunRecord);

test('an answer of the recorded run is inspected token by token and step by step', async ({ page }) => {
  await openTokens(page);
  const { inspections = [] } = await recorded(page);
  const series = inspections.filter(({ kind, answer }) => kind === 'harmful' && answer === 'initial');
  const first = series[0]!;
  const last = series.at(-1)!;
  await expect(strip(page).getByRole('option')).toHaveCount(first.tokens.length);

  await test.step('the keys go along the answer, and to the token of highest KL', async () => {
    await selected(page).focus();
    await page.keyboard.press('ArrowRight');
    await expect(strip(page).getByRole('option').nth(1)).toBeFocused();
    await expect(page.getByRole('heading', { name: `Token 2 of ${last.tokens.length}` })).toBeVisible();
    // The key that steps a run elsewhere acts on the strip here.
    await expect(page.locator('.progress-step')).toContainText('step 0');
    await page.keyboard.press('End');
    await expect(selected(page)).toHaveAccessibleName(/eos/);
    await page.keyboard.press('h');
    const highest = last.divergence.indexOf(Math.max(...last.divergence));
    await expect(page.getByRole('heading', { name: `Token ${highest + 1} of` })).toBeVisible();
    await expect(page.getByText('This is the token of highest KL.')).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('scrubbing keeps the text and moves the numbers', async () => {
    const slider = page.getByRole('slider', { name: 'Step to inspect' });
    const latest = await selected(page).getAttribute('aria-label');
    await slider.fill('0');
    await expect(slider).toHaveAttribute('aria-valuetext', 'step 0, before training');
    await expect(selected(page)).not.toHaveAttribute('aria-label', latest!);
    await expect(strip(page).getByRole('option')).toHaveCount(first.tokens.length);
    await page.getByRole('button', { name: 'Token of highest KL' }).click();
    const highest = first.divergence.indexOf(Math.max(...first.divergence));
    await expect(page.getByRole('heading', { name: `Token ${highest + 1} of` })).toBeVisible();
  });

  await test.step('a table and a CSV have every token', async () => {
    await page
      .getByRole('group', { name: 'Tokens: views and files' })
      .getByRole('button', { name: 'Table' })
      .click();
    const table = page.getByRole('region', { name: 'Tokens of the answer: table' });
    await expect(table.locator('tbody tr')).toHaveCount(first.tokens.length);
    await expectAccessible(page);
    const csv = await downloaded(page, () =>
      page
        .getByRole('group', { name: 'Tokens: views and files' })
        .getByRole('button', { name: 'CSV' })
        .click(),
    );
    expect(csv.suggestedFilename()).toBe('copsd-recorded-run-tokens-harmful-initial-step-0.csv');
    const lines = (await bytesOf(csv)).toString().trimEnd().split('\r\n');
    expect(lines).toHaveLength(first.tokens.length + 1);
  });

  await test.step('the student’s own answers change from step to step', async () => {
    await page.getByRole('button', { name: 'Student’s answer at each step' }).click();
    await page.getByRole('button', { name: 'Play steps' }).click();
    const now = inspections.findLast(({ kind, answer }) => kind === 'harmful' && answer === 'current')!;
    await expect(page.getByRole('slider', { name: 'Step to inspect' })).toHaveAttribute(
      'aria-valuetext',
      `step ${now.step}`,
    );
    await expect(
      page.getByRole('region', { name: 'Tokens of the answer: table' }).locator('tbody tr'),
    ).toHaveCount(now.tokens.length);
  });
});

test('it is accessible in the dark, and fits a phone', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await openTokens(page);
  await page.getByRole('button', { name: 'Token of highest KL' }).click();
  await expectAccessible(page);
  await expectFits(page);
});

test('a run recorded without inspections says so', async ({ page }) => {
  await openLab(page);
  const { inspections: _, ...record } = await recorded(page);
  const { inspect: __, ...evaluation } = record.receipt.config.evaluation;
  const config = { ...record.receipt.config, evaluation } as RunRecord['receipt']['config'];
  await withRecordedRun(page, { ...record, receipt: { ...record.receipt, config } });
  await page.reload();
  await page.getByRole('button', { name: 'Tokens', exact: true }).click();
  await expect(page.getByText('made without them, or before they were kept')).toBeVisible();
});
