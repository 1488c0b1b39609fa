import { resolve } from 'node:path';
import { serveSite, type Site } from '../tools/site/serve.ts';
import { expect, test as base } from './support/fixtures.ts';
import { control, expectStep, LENGTH, line, milestone, openLab, TINY } from './support/lab-page.ts';
import { newcomer } from './support/newcomer.ts';

/** The page on a host that sends no headers at all, as GitHub Pages does. */
const test = base.extend<object, { readonly site: Site }>({
  site: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures it needs from the pattern.
    async ({}, provide) => {
      const root = resolve(import.meta.dirname, '../dist');
      const site = await serveSite({ root, base: '/lab/', bare: true });
      await provide(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
});
test.use({ expectedErrors: [/Content Security Policy/], expectedHosts: ['elsewhere.example'] });

test('a newcomer runs the demo on a host without headers: charts stream, the run finishes, and its worker stands under the policy of its page', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const errors: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const { act } = newcomer();
  await openLab(page, { ...TINY, 'evaluation.geometry': 'true' });
  const [answer] = await Promise.all([
    page.waitForResponse(/assets\/lab\.worker-/),
    act(control(page, 'Run').click()),
  ]);
  expect(answer.headers()['content-security-policy']).toBeUndefined();
  await expect(page.getByRole('button', { name: 'Run 1 live' })).toHaveAttribute('aria-pressed', 'true');
  await expect(milestone(page)).toHaveText('Run 1 finished after 3 steps.', { timeout: 90_000 });
  await expectStep(page, 3);
  for (const chart of [LENGTH, 'KL to teacher nats/token'])
    await expect(line(page, chart)).toHaveAttribute('d', /^M[\d. ]+L/);
  await expect(page.getByText('GPU memory').locator('+ dd')).toHaveText(/MiB/);
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await act(page.getByRole('button', { name: 'Recorded run recorded' }).click());
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M[\d. ]+L/);
  expect(errors).toEqual([]);

  const worker = page.workers().find(candidate => candidate.url().startsWith('blob:'));
  expect(worker, 'the worker that a blob started').toBeDefined();
  const refused = await worker?.evaluate(async () => {
    const violation = new Promise<SecurityPolicyViolationEvent>(done =>
      self.addEventListener('securitypolicyviolation', done, { once: true }),
    );
    const outcome = await fetch('https://elsewhere.example/').then(
      () => 'answered',
      (error: unknown) => String(error),
    );
    const { effectiveDirective, blockedURI } = await violation;
    const evaluated = ((): string => {
      try {
        // oxlint-disable-next-line no-implied-eval -- The test is that it is refused.
        return String(new Function('return 1')());
      } catch (error) {
        return error instanceof Error ? error.name : '';
      }
    })();
    return { outcome, effectiveDirective, blockedURI, evaluated };
  });
  expect(refused).toEqual({
    outcome: 'TypeError: Failed to fetch',
    effectiveDirective: 'connect-src',
    blockedURI: 'https://elsewhere.example/',
    evaluated: 'EvalError',
  });
});
