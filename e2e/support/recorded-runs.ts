import type { Page } from '@playwright/test';
import type { RunRecord } from '../../src/record/run-record.ts';

/** Puts `record` in the place of the run that ships with the page. */
export async function withRecordedRun(page: Page, record: RunRecord): Promise<void> {
  await page.route('**/runs/default.json', route => route.fulfill({ json: record }));
}
