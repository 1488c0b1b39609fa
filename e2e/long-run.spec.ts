import type { CDPSession, Page } from '@playwright/test';
import { STEP_COLUMNS } from '../src/record/step-record.ts';
import { ALONE, expect, test } from './support/fixtures.ts';
import { control, expectStep, LENGTH, line, milestone, openLab, withoutWebGpu } from './support/lab-page.ts';
import { longRecord } from './support/long-record.ts';
import { longestTask } from './support/main-thread.ts';
import { withRecordedRun } from './support/recorded-runs.ts';

const STEPS = 2_000;
/** Time between two steps of a replay at full speed. */
const STEP_MS = 80;
const MIB = 2 ** 20;

/** Without WebGPU the page replays the recorded run through the same event sink, stores and charts as a live one. */
async function openReplay(page: Page): Promise<void> {
  await withoutWebGpu(page);
  await withRecordedRun(page, longRecord(STEPS));
  await openLab(page);
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
}

interface Footprint {
  /** Live JavaScript heap and the bytes of its array buffers, after a collection. */
  readonly bytes: number;
  readonly elements: number;
}

async function footprint(page: Page, session: CDPSession): Promise<Footprint> {
  await session.send('HeapProfiler.collectGarbage');
  const usage: { readonly usedSize: number; readonly backingStorageSize?: number } =
    await session.send('Runtime.getHeapUsage');
  const elements = await page.evaluate(() => document.querySelectorAll('*').length);
  return { bytes: usage.usedSize + (usage.backingStorageSize ?? 0), elements };
}

test('memory and page stay flat over two thousand steps, and charts are drawn four times a second', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.clock.install();
  await openReplay(page);
  await control(page, 'Replay').click();
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');

  await page.clock.runFor(500 * STEP_MS);
  const early = await footprint(page, session);

  await page.evaluate(() => {
    const drawn: Record<string, number> = {};
    Object.assign(window, { drawn });
    document.querySelectorAll('.pane-charts [data-layer=smoothed] path').forEach((path, plot) => {
      new MutationObserver(() => (drawn[plot] = (drawn[plot] ?? 0) + 1)).observe(path, {
        attributes: true,
      });
    });
  });
  const seconds = 10;
  await page.clock.runFor(seconds * 1_000);
  const drawn = await page.evaluate(() => Object.values((window as unknown as { drawn: object }).drawn));
  // The length chart's three plots are on screen.
  expect(drawn.length).toBeGreaterThanOrEqual(3);
  for (const times of drawn) {
    expect(times).toBeGreaterThanOrEqual(3 * seconds);
    expect(times).toBeLessThanOrEqual(4 * seconds + 1);
  }

  await page.clock.runFor((STEPS - 500) * STEP_MS);
  await expect(milestone(page)).toHaveText(/finished after 2,000 steps\.$/);
  const late = await footprint(page, session);
  // Columns double: from 512 rows to 2,048, of eight bytes each. The records themselves existed from the start.
  const series = (STEP_COLUMNS.length + 1) * 8 * (2_048 - 512);
  test.info().annotations.push({
    type: 'memory',
    description: `${(early.bytes / MIB).toFixed(2)} MiB at 500 steps, ${(late.bytes / MIB).toFixed(2)} MiB at 2,000; series ${(series / MIB).toFixed(2)} MiB`,
  });
  expect(late.bytes - early.bytes, 'bytes above those of the series').toBeLessThan(series + 2 * MIB);
  expect(Math.abs(late.elements - early.elements), 'elements of the page').toBeLessThan(60);
});

test('no task over 50 ms while a replay streams', ALONE, async ({ page, browser }) => {
  await openReplay(page);
  await control(page, 'Replay').click();
  await expectStep(page, /^[1-9]\d*$/);
  expect(await longestTask(browser, page, 6)).toBeLessThan(50);
});
