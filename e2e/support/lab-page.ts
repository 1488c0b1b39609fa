import { expect, type Locator, type Page } from '@playwright/test';

/**
 * Settings for tests that train: a step takes about a second on a software GPU. They are in the page's URL, like those of a shared link.
 */
export const TINY = {
  steps: '3',
  queries: '2',
  maxNewTokens: '10',
  'evaluation.every': '2',
  'evaluation.queriesPerKind': '2',
  // Has its own kernels to compile, which takes seconds: policy, keep and live-run switch it on.
  'evaluation.geometry': 'false',
} as const;

/** Opens the page with settings in its URL. */
export async function openLab(page: Page, settings: Record<string, string> = {}): Promise<void> {
  const query = new URLSearchParams(settings).toString();
  await page.goto(query ? `./?${query}` : './');
}

/** The page in a browser without WebGPU: it replays recorded runs. Call before the page is opened. */
export async function withoutWebGpu(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined });
  });
}

/** The first chart of the page. */
export const LENGTH = 'Response length tokens';

/** The line of the rollouts' figures in the first plot of a chart. */
export function line(page: Page, chart: string): Locator {
  return page
    .getByRole('region', { name: chart, exact: true })
    .locator('.plots [data-layer=smoothed] path')
    .first();
}

/** The number of finished steps in the control bar. */
export async function expectStep(page: Page, step: number | RegExp): Promise<void> {
  await expect(page.locator('.progress-step strong')).toHaveText(
    typeof step === 'number' ? String(step) : step,
    { timeout: 60_000 },
  );
}

/** Waits for the next step. */
export async function expectMoreSteps(page: Page): Promise<void> {
  const done = async (): Promise<number> => Number(await page.locator('.progress-step strong').innerText());
  const before = await done();
  await expect.poll(done, { timeout: 60_000 }).toBeGreaterThan(before);
}

/** The control bar's button of that name. */
export function control(page: Page, name: string): Locator {
  return page.getByRole('group', { name: 'Run controls' }).getByRole('button', { name, exact: true });
}

/** The folded settings under that title. */
export function settingsGroup(page: Page, title: string): Locator {
  const heading = page.locator('.group-title', { hasText: new RegExp(`^${title}$`) });
  return page.locator('.group-folded').filter({ has: heading });
}

/** The same, unfolded. */
export async function openSettings(page: Page, title: string): Promise<Locator> {
  const group = settingsGroup(page, title);
  await group.locator('summary').click();
  return group;
}

/** The run's status for screen readers; other parts of the page have their own, further down. */
export function milestone(page: Page): Locator {
  return page.getByRole('status', { name: 'Run', exact: true });
}

/** Presses the first button of that name. */
export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click();

/** Fails when the page is wider than its window, or a dialog's content wider than the dialog. */
export async function expectFits(page: Page, what = 'the page'): Promise<void> {
  const overflow = await page.evaluate(() =>
    Math.max(
      document.documentElement.scrollWidth - innerWidth,
      ...[...document.querySelectorAll('.dialog-body')].map(body => body.scrollWidth - body.clientWidth),
    ),
  );
  expect(overflow, `${what}: pixels beyond the width`).toBeLessThanOrEqual(0);
}
