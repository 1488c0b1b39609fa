import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { serveSite, type Site } from '../../tools/site/serve.ts';
import { openOutboundLog, type OutboundLog } from './outbound-log.ts';

interface TestOptions {
  /** Errors that a test provokes on purpose: matching console errors and uncaught exceptions do not fail it. */
  expectedErrors: RegExp[];
  /** Other hosts that a test serves with `context.route`; nothing may reach the real ones. */
  expectedHosts: string[];
}

interface Watched {
  /**
   * Fails the test at its end when a page logged an error or made a request elsewhere; `watch` covers contexts that the test opens itself.
   */
  watch: (context: BrowserContext) => void;
}

interface Shared {
  site: Site;
  outbound: OutboundLog;
}

const DIST = resolve(import.meta.dirname, '../../dist');

/**
 * Playwright's `test` on the built page, which lives below a path as on a static host: open it with `page.goto('./')`. A test fails when a
 * page or worker logs an error or throws, requests something its host does not have, or when anything tries to leave this machine.
 */
export const test = base.extend<TestOptions & Watched, Shared>({
  expectedErrors: [[], { option: true }],
  expectedHosts: [[], { option: true }],

  site: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures it needs from the pattern.
    async ({}, provide) => {
      if (!existsSync(DIST)) throw new Error('There is no dist/ to test: run `npm run build` first.');
      const site = await serveSite({ root: DIST, base: '/lab/' });
      await provide(site);
      await site.close();
    },
    { scope: 'worker' },
  ],

  outbound: [
    // eslint-disable-next-line no-empty-pattern -- As above.
    async ({}, provide) => {
      const log = await openOutboundLog();
      await provide(log);
      await log.close();
    },
    { scope: 'worker' },
  ],

  baseURL: ({ site }, provide) => provide(site.url),
  proxy: ({ outbound }, provide) => provide({ server: outbound.url, bypass: 'localhost' }),

  watch: [
    async ({ context, site, outbound, expectedErrors, expectedHosts }, provide) => {
      const faults: string[] = [];
      const fault = (text: string): void => {
        if (!expectedErrors.some(pattern => pattern.test(text))) faults.push(text);
      };
      const watched = (opened: BrowserContext): void => {
        opened.on('console', message => {
          if (message.type() === 'error') fault(`console: ${message.text()} (${message.location().url})`);
        });
        opened.on('weberror', error => fault(`uncaught: ${String(error.error())}`));
        opened.on('request', request => {
          const url = new URL(request.url());
          const expected = /^(data|blob):$/.test(url.protocol) || expectedHosts.includes(url.hostname);
          if (!expected && url.origin !== new URL(site.url).origin) faults.push(`request to ${url.href}`);
        });
      };
      watched(context);
      outbound.take();
      await provide(watched);
      for (const target of outbound.take()) faults.push(`connection to ${target}`);
      expect(faults, 'what went wrong in the page or left this machine').toEqual([]);
    },
    { auto: true },
  ],
});

/** Fails when axe finds a violation of WCAG 2.2 A or AA in the page, or in a part of it, naming the rule and the elements. */
export async function expectAccessible(page: Page, within = 'html'): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .include(within)
    // Nothing but breaches is looked at, and the page has no frames: all else costs as much again as the audit.
    .options({ resultTypes: ['violations'] })
    .setLegacyMode()
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(node => `${id}: ${help}: ${node.target.join(' ')}: ${node.html}`),
  );
  expect(found, 'breaches of WCAG that axe found').toEqual([]);
}

export { expect } from '@playwright/test';
export { ALONE } from './alone.ts';
