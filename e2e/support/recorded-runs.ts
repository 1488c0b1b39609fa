import type { Page } from '@playwright/test';
import type { RunRecord } from '../../src/record/run-record.ts';

/** Replaces the run that ships with the page by `record`. */
export async function withRecordedRun(page: Page, record: RunRecord): Promise<void> {
  await page.route('**/runs/default.json', route => route.fulfill({ json: record }));
}
