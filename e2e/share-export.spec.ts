import type { Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { bytesOf, downloaded, exported } from './support/downloads.ts';
import { dropFiles } from './support/drop-files.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { control, LENGTH, line, openLab } from './support/lab-page.ts';

test.describe.configure({ timeout: 60_000 });

/** Makes a link with 23 steps and its own constitution. */
async function makeLink(page: Page): Promise<string> {
  await openLab(page, { steps: '23', 'optimizer.learningRate': '0.002' });
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
  await page.keyboard.press('c');
  await page.getByRole('dialog', { name: 'Constitution' }).getByLabel('Title').fill('House <b>rules</b>');
  await page.getByRole('dialog', { name: 'Constitution' }).getByLabel('Title').fill('House rules & more');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Share' }).click();
  return page.getByRole('textbox', { name: 'Link' }).inputValue();
}

test('a shared link sets up a new page, runs nothing, and can be undone', async ({
  page,
  context,
  browser,
  watch,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const link = await makeLink(page);
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Copy link' }).press('Enter');
  await expect(dialog.getByRole('status')).toHaveText('Copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await dialog.getByRole('checkbox', { name: /the constitution/ }).uncheck();
  const shorter = await dialog.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(shorter.length).toBeLessThan(link.length);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Share' })).toBeFocused();

  // Another user: this browser already keeps the settings.
  const elsewhere = await browser.newContext();
  watch(elsewhere);
  const fresh = await elsewhere.newPage();
  await fresh.goto(link);
  await expect(
    fresh.getByText(/^This link set 2 settings and the constitution “House rules & more”\./),
  ).toBeVisible();
  await expect(fresh.getByRole('textbox', { name: /^Steps/ })).toHaveValue('23');
  await expect(fresh.locator('.summary-title')).toHaveText('House rules & more');
  await expect(line(fresh, LENGTH)).toHaveAttribute('d', /^M/);
  await expect(control(fresh, 'Run')).toBeEnabled();
  await expect(fresh.locator('.progress-state')).toHaveText('ready');
  expect(new URL(fresh.url()).hash).toBe('');
  await fresh.locator('summary', { hasText: 'Which' }).click();
  await expectAccessible(fresh);
  await fresh.getByRole('button', { name: 'Use the defaults' }).click();
  await expect(fresh.locator('.summary-title')).toHaveText('Harm of any kind');
  await expect(fresh.getByText(/^This link set/)).toHaveCount(0);
  await elsewhere.close();
});

test('a link in an open page asks before it replaces what is set; a bad one changes nothing', async ({
  page,
}) => {
  const link = await makeLink(page);
  await openLab(page);
  await page.getByRole('textbox', { name: /^Steps/ }).fill('31');
  const follow = (hash: string): Promise<void> =>
    page.evaluate(target => {
      location.hash = target;
    }, hash);
  await follow(new URL(link).hash);
  await expect(page.getByRole('button', { name: 'Use the link’s settings' })).toBeFocused();
  await expect(page.getByRole('textbox', { name: /^Steps/ })).toHaveValue('31');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await expect(page.getByRole('textbox', { name: /^Steps/ })).toHaveValue('31');
  await follow(new URL(link).hash);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: /^Steps/ })).toHaveValue('23');
  await page.getByRole('button', { name: 'Put my settings back' }).click();
  await expect(page.getByRole('textbox', { name: /^Steps/ })).toHaveValue('31');

  const { hash } = new URL(link);
  for (const [bad, code] of [
    [hash.slice(0, -4), 'E_LINK_DAMAGED'],
    [hash.replace('=1.', '=9.'), 'E_LINK_VERSION'],
    [`#share=1.${'A'.repeat(40_000)}`, 'E_LINK_TOO_LONG'],
  ] as const) {
    await follow(bad);
    await expect(page.getByRole('alert').filter({ hasText: code })).toContainText(
      'your settings are unchanged',
    );
    await expect(page.getByRole('textbox', { name: /^Steps/ })).toHaveValue('31');
  }
  await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
  // Other hashes are ignored.
  await follow('#lesson=3');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a run bundle opens again by drop and draws the same', async ({ page, context }) => {
  await openLab(page);
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
  const bundle = await exported(page, /Run bundle/);
  expect(bundle.suggestedFilename()).toBe('copsd-recorded-run-bundle.zip');
  const bytes = await bytesOf(bundle);
  const files = unzipSync(bytes);
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining([
      ...['run.json', 'receipt.md', 'receipt.json', 'constitution.json', 'link.txt', 'steps.csv'],
      ...['evaluations.csv', 'figures/length.svg', 'figures/refusal.csv', 'figures/pareto.svg'],
      ...['figures/dynamics.svg', 'figures/teachers.svg', 'figures/radar.svg', 'README.txt', 'manifest.json'],
    ]),
  );
  const link = Buffer.from(files['link.txt']!).toString().trim();
  await page.getByRole('region', { name: LENGTH }).getByRole('button', { name: 'Table' }).click();
  const table = page.getByRole('region', { name: LENGTH }).getByRole('table').first();
  const figures = await table.innerText();

  const fresh = await context.newPage();
  // The page's own run is a different one: none of it may be mistaken for the opened run.
  await fresh.route('**/runs/default.json', route => route.fulfill({ path: 'public/runs/copsd-1.json' }));
  await fresh.goto('./');
  await expect(line(fresh, LENGTH)).toHaveAttribute('d', /^M/);
  await dropFiles(fresh, { name: 'copsd-recorded-run-bundle.zip', bytes });
  await expect(fresh.getByRole('button', { name: 'recorded-run opened' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(fresh.getByText('Opened run', { exact: true })).toBeVisible();
  await fresh.getByRole('region', { name: LENGTH }).getByRole('button', { name: 'Table' }).click();
  expect(await fresh.getByRole('region', { name: LENGTH }).getByRole('table').first().innerText()).toBe(
    figures,
  );
  await expectAccessible(fresh);
  await fresh.goto(link);
  await expect(fresh.getByText(/^This link (set|has) /)).toBeVisible();
});

test('files that cannot be opened are named one by one, and the others open', async ({ page }) => {
  await openLab(page);
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
  const run = await bytesOf(await exported(page, /Run \(JSON\)/));
  await dropFiles(
    page,
    { name: 'cut.zip', bytes: Buffer.from('PK\u0003\u0004 cut') },
    { name: 'old.json', bytes: Buffer.from('{"format":"copsd-run","version":1}') },
    { name: 'mine.json', bytes: run },
  );
  await expect(page.getByRole('alert')).toHaveCount(2);
  await expect(page.getByRole('alert').filter({ hasText: 'cut.zip' })).toContainText('E_BUNDLE_ZIP');
  await expect(page.getByRole('alert').filter({ hasText: 'old.json' })).toContainText('E_RUN_FILE_VERSION');
  await expect(page.getByRole('button', { name: 'mine opened' })).toHaveAttribute('aria-pressed', 'true');
  await expectAccessible(page);
  // By the keyboard: the last item of the menu.
  await page.getByRole('button', { name: 'Export' }).press('Enter');
  await page.keyboard.press('ArrowUp');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
  await chooser.setFiles({ name: 'again.json', mimeType: 'application/json', buffer: run });
  await expect(page.getByRole('button', { name: 'again opened' })).toHaveAttribute('aria-pressed', 'true');
});

test('a receipt says what the run was and how to repeat it', async ({ page }) => {
  await openLab(page);
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
  const receipt = await exported(page, /Receipt/);
  expect(receipt.suggestedFilename()).toBe('copsd-recorded-run-receipt.md');
  const text = (await bytesOf(receipt)).toString();
  for (const part of ['## Figures', '| Unsafe, harmful', 'npm run lab -- --config receipt.json', '#share=1.'])
    expect(text).toContain(part);
});

test('every chart can be exported', async ({ page }) => {
  await openLab(page);
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
  const groups = page.getByRole('group', { name: /views and files$/ });
  for (const tools of await groups.all())
    for (const kind of ['CSV', 'SVG', 'PNG'])
      await expect(tools.getByRole('button', { name: kind })).toBeEnabled();
  const png = await downloaded(page, () => groups.first().getByRole('button', { name: 'PNG' }).click());
  const bytes = await bytesOf(png);
  // Its header: twice the pixels of the drawing.
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.readUInt32BE(16)).toBeGreaterThan(900);
});
