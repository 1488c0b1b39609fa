import { resolve } from 'node:path';
import { serveSite, type Site } from '../tools/site/serve.ts';
import { expect, test as base } from './support/fixtures.ts';
import { control, expectStep, openLab, TINY } from './support/lab-page.ts';

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

test('without headers from its host the worker trains under the policy of its page', async ({ page }) => {
  const [answer] = await Promise.all([
    page.waitForResponse(/assets\/lab\.worker-/),
    openLab(page, TINY).then(() => control(page, 'Run').click()),
  ]);
  expect(answer.headers()['content-security-policy']).toBeUndefined();
  await expectStep(page, 3);

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
