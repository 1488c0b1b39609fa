import type { Locator } from '@playwright/test';
import type { Malformed } from '../src/model/checkpoint/malformed-case-fixture.ts';
import {
  MALFORMED_CONFIGS,
  MALFORMED_TOKENIZERS,
  MISFITS,
} from '../src/model/checkpoint/malformed-texts-fixture.ts';
import { MALFORMED_INDEXES, MALFORMED_WEIGHTS } from '../src/model/checkpoint/malformed-weights-fixture.ts';
import { expect, test } from './support/fixtures.ts';
import { control, expectStep, milestone, openLab, openSettings, TINY } from './support/lab-page.ts';

/** Playwright passes at most 50 MB at once. */
const MOST_BYTES = 2 ** 24;

/** All except sizes that are absurd only within the limits of the unit tests. */
const MALFORMED = [
  ...[...MALFORMED_WEIGHTS, ...MALFORMED_INDEXES],
  ...[...MALFORMED_CONFIGS, ...MISFITS, ...MALFORMED_TOKENIZERS],
].filter(({ code }) => code !== 'E_MODEL_TOO_LARGE');

interface Chosen {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

function filesOf({ make }: Malformed): Chosen[] {
  return [...make()].map(([name, content]) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.buffer),
  }));
}

/** Sets the files of one folder and reads the refusal, which is dismissed. */
async function refusal(dialog: Locator, files: Chosen[]): Promise<string> {
  await dialog.getByLabel('Model’s files').setInputFiles(files);
  const alert = dialog.getByRole('alert');
  await expect(alert).toBeVisible();
  const text = await alert.innerText();
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alert).toHaveCount(0);
  return text;
}

test('malformed models are all refused, and the current run continues as if nothing had been chosen', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await openLab(page, TINY);
  await page.keyboard.press('ArrowRight');
  await expectStep(page, 1);
  const student = await openSettings(page, 'Model');
  await student.getByRole('button', { name: 'Other model' }).click();
  const dialog = page.getByRole('dialog', { name: 'Choose a student' });

  const tried = MALFORMED.map(malformed => ({ malformed, files: filesOf(malformed) })).filter(
    ({ files }) => files.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) < MOST_BYTES,
  );
  expect(tried.length).toBeGreaterThanOrEqual(40);
  for (const { malformed, files } of tried) {
    const { what, code, file } = malformed;
    const text = await refusal(dialog, files);
    expect(text, what).toContain(code);
    expect(text, what).toContain(file);
    expect(text, what).toContain('was open is unchanged.');
    expect(text, what).toMatch(/\.\s+\S.*\.\s*(?:Dismiss)?$/s);
  }
  await expect(dialog.getByRole('button', { name: 'world-s is chosen' })).toBeVisible();
  await page.keyboard.press('Escape');

  await control(page, 'Continue').click();
  await expect(milestone(page)).toHaveText('Run 1 finished after 3 steps.', {
    timeout: 60_000,
  });
});
