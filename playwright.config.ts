import { defineConfig } from '@playwright/test';
import { ALONE } from './e2e/support/alone.ts';
import { CHROMIUM_ARGS, findChromium } from './tools/test/chromium.ts';

const executablePath = findChromium();
const report = process.env['E2E_REPORT'];
const isTimed = new RegExp(ALONE.tag);

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // The software GPU compiles kernels in one thread of a browser, which is most of what a run takes here: two browsers, two cores.
  workers: 2,
  // Tests, not files, are shared among the two: no file is left over for one of them at the end.
  fullyParallel: true,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 90_000,
  globalTimeout: 45 * 60_000,
  expect: { timeout: 15_000 },
  reporter: report ? [['list'], ['json', { outputFile: report }]] : [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: { args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) },
    // Without a film of each test, which nearly all of them would throw away.
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
    viewport: { width: 1280, height: 800 },
    // What a service worker answers, no test can answer for: those that are about it let it in.
    serviceWorkers: 'block',
  },
  projects: [
    { name: 'chromium', grepInvert: isTimed },
    // Last, when all are run for a report. A file that is asked for by name does not bring all others with it.
    { name: 'alone', grep: isTimed, workers: 1, dependencies: report ? ['chromium'] : [] },
  ],
});
