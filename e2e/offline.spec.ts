import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { serveSite, type Site } from '../tools/site/serve.ts';
import { expect, expectAccessible, test as base } from './support/fixtures.ts';
import { control, expectMoreSteps, expectStep, LENGTH, line, openLab, TINY } from './support/lab-page.ts';

interface Published extends Site {
  /** Replaces the served page by a new version. */
  publish(title: string): void;
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('base64');

/** A host of the page that can be shut down and can publish. */
const test = base.extend<{ readonly host: Published }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures it needs from the pattern.
  host: async ({}, provide) => {
    const root = mkdtempSync(join(tmpdir(), 'published-'));
    cpSync(resolve(import.meta.dirname, '../dist'), root, { recursive: true });
    const site = await serveSite({ root, base: '/lab/' });
    await provide({
      ...site,
      publish(title) {
        const page = join(root, 'index.html');
        const before = sha256(page);
        writeFileSync(
          page,
          readFileSync(page, 'utf8').replace(/<title>.*<\/title>/, `<title>${title}</title>`),
        );
        const list = join(root, 'sw.js');
        const [old, now] = [before, sha256(page)].map(hash => ({ hash, revision: hash.slice(0, 16) }));
        const text = readFileSync(list, 'utf8')
          .replaceAll(old!.hash, now!.hash)
          .replaceAll(old!.revision, now!.revision);
        writeFileSync(list, text);
      },
    });
    await site.close();
    rmSync(root, { recursive: true });
  },
  baseURL: ({ host }, provide) => provide(host.url),
});
test.use({
  serviceWorkers: 'allow',
  expectedHosts: ['localhost'],
  // What is not cached is missing, and the browser says so.
  expectedErrors: [/ERR_FAILED.*copsd-2|ERR_CONNECTION_REFUSED.*config\.json/],
});

/** Waits until everything that the page needs is cached. */
async function kept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== 'activated')
      await new Promise(done => active?.addEventListener('statechange', done, { once: true }));
  });
}

test('after a first visit the page opens and trains without its host', async ({ page, context, host }) => {
  await openLab(page);
  await kept(page);
  const names = await page.evaluate(async () => {
    const stores = await Promise.all((await caches.keys()).map(name => caches.open(name)));
    const requests = await Promise.all(stores.map(store => store.keys()));
    return requests.flat().map(({ url }) => url);
  });
  expect(names.some(name => /lab\.worker-/.test(name))).toBe(true);
  expect(names.filter(name => /assets\/(ort|transformers)|world-f|runs\/(?!default)/.test(name))).toEqual([]);
  await page.close();
  await host.close();

  const later = await context.newPage();
  await openLab(later, TINY);
  await expect(line(later, LENGTH)).toHaveAttribute('d', /^M[\d. ]+L/);
  await control(later, 'Run').click();
  await expectStep(later, 3);
});

test('what was used once works without the host: a recorded run, a part of the page', async ({
  page,
  host,
}) => {
  await openLab(page);
  await kept(page);
  await page.evaluate(() => fetch('./runs/copsd-1.json').then(response => response.text()));
  await host.close();
  const answers = await page.evaluate(async () => {
    const length = (path: string, init?: RequestInit): Promise<number | 'no answer'> =>
      fetch(path, init).then(
        async response => (await response.text()).length,
        () => 'no answer',
      );
    const config = './models/world-s/config.json';
    return {
      used: await length('./runs/copsd-1.json'),
      unused: await length('./runs/copsd-2.json'),
      whole: await length(config),
      // Range requests go to the network, whatever is cached.
      part: await length(config, { headers: { Range: 'bytes=0-9' } }),
    };
  });
  expect(answers).toEqual({
    used: expect.any(Number),
    unused: 'no answer',
    whole: expect.any(Number),
    part: 'no answer',
  });
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'What this is' })).toBeVisible();
});

test('a new version waits until the user asks for it, and disturbs no run', async ({
  page,
  context,
  host,
}) => {
  await openLab(page, { ...TINY, steps: '200' });
  await kept(page);
  await control(page, 'Run').click();
  await expectStep(page, /^[1-9]\d*$/);
  host.publish('The next version');
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());

  const notice = page.getByRole('complementary', { name: 'New version' });
  await expect(notice).toContainText('A new version of this page is ready.');
  await expect(notice).toContainText('Reloading ends the run');
  await expectAccessible(page);
  await expectMoreSteps(page);
  await expect(page).toHaveTitle('COPSD Lab');

  const second = await context.newPage();
  await openLab(second);
  await notice.getByRole('button', { name: 'Reload' }).click();
  await expect(notice).toContainText('open in another tab');
  await expect(page).toHaveTitle('COPSD Lab');
  await second.close();
  await notice.getByRole('button', { name: 'Reload' }).click();
  await expect(page).toHaveTitle('The next version');
  await expect(notice.getByRole('button')).toHaveCount(0);
});
