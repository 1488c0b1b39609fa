import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS, findChromium } from './tools/chromium.ts';

const executablePath = findChromium();
const report = process.env['E2E_REPORT'];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // Two cores run the browser, its software GPU and the page's worker.
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 90_000,
  globalTimeout: 45 * 60_000,
  expect: { timeout: 15_000 },
  reporter: report ? [['list'], ['json', { outputFile: report }]] : [['list']],
  projects: [
    {
      name: 'chromium',
      use: {
        browserName: 'chromium',
        launchOptions: { args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) },
        trace: 'retain-on-failure',
        viewport: { width: 1280, height: 800 },
        // What a service worker answers, no test can answer for: those that are about it let it in.
        serviceWorkers: 'block',
      },
    },
  ],
});
