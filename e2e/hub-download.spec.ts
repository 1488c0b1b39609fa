import type { BrowserContext, Page } from '@playwright/test';
import { serveHub, type HubServer } from '../src/testing/hub-server.ts';
import type { HubModel } from '../src/testing/hub-replies.ts';
import { chatFiles } from '../src/service/chat-lab-fixture.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { control, milestone, openLab, openSettings } from './support/lab-page.ts';

const HUB = 'huggingface.co';
const ID = 'lab/tiny-qwen';

test.use({ expectedHosts: [HUB] });

/** The hub is a local server with its layout, which follows redirects to file hosts. */
async function answerForHub(context: BrowserContext, hub: HubServer): Promise<void> {
  await context.route(`https://${HUB}/**`, async route => {
    const { pathname, search } = new URL(route.request().url());
    const { range } = route.request().headers();
    const answer = await fetch(`${hub.url}${pathname}${search}`, { headers: range ? { range } : {} });
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    });
  });
}

async function hubModel(changes: Partial<HubModel> = {}): Promise<HubModel> {
  const files = await Promise.all(
    chatFiles('tiny-qwen').map(
      async ({ path, file }) => [path.split('/').at(-1)!, new Uint8Array(await file.arrayBuffer())] as const,
    ),
  );
  return { id: ID, files: Object.fromEntries(files), ...changes };
}

async function openDialog(page: Page) {
  await openLab(page);
  return await reopenDialog(page);
}

async function reopenDialog(page: Page) {
  const student = await openSettings(page, 'Model');
  await student.getByRole('button', { name: 'Other model' }).click();
  return { student, dialog: page.getByRole('dialog', { name: 'Choose a student' }) };
}

async function lookUp(page: Page, address: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Model, or the address of its page' }).fill(address);
  await page.getByRole('button', { name: 'Look up' }).click();
}

test('a hub model is shown with its size, downloaded on a click, kept over a reload, and deleted', async ({
  page,
  context,
}) => {
  test.setTimeout(120_000);
  const hub = await serveHub([await hubModel()]);
  await answerForHub(context, hub);
  const { dialog } = await openDialog(page);
  await lookUp(page, `https://${HUB}/${ID}`);
  await expect(dialog.getByText(/in 5 files/)).toBeVisible();
  await expect(dialog.getByText(/qwen2, 2 layers/)).toBeVisible();
  expect(hub.takeLog().filter(({ path }) => path.endsWith('.safetensors'))).toEqual([]);
  await expectAccessible(page);

  await dialog.getByRole('button', { name: /^Download \d/ }).click();
  await expect(dialog.getByText(`${ID}: is here`)).toBeVisible();
  await dialog.getByRole('button', { name: 'Choose, it is here' }).click();
  await expect(dialog.getByRole('button', { name: /^lab\/tiny-qwen@\w+ is chosen$/ })).toBeVisible();
  await hub.close();

  await page.reload();
  const { student, dialog: again } = await reopenDialog(page);
  await expect(again.getByRole('button', { name: /^lab\/tiny-qwen@\w+ is chosen$/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(student.getByText(/The run will take .* of GPU memory: weights/)).toBeVisible();
  const overflow = await page
    .locator('.setup')
    .evaluate(setup => setup.scrollWidth - setup.parentElement!.clientWidth);
  expect(overflow, 'a long name leaves the panel as wide as it was').toBeLessThanOrEqual(0);
  await page.getByRole('textbox', { name: /^Steps/ }).fill('1');
  const rollouts = await openSettings(page, 'Rollouts');
  await rollouts.getByRole('textbox', { name: /^Longest answer/ }).fill('4');
  await rollouts.getByRole('textbox', { name: /^Queries/ }).fill('2');
  await control(page, 'Run').click();
  await expect(milestone(page)).toHaveText(/^Run 1 finished/, { timeout: 90_000 });

  await student.getByRole('button', { name: 'Other model' }).click();
  await again.getByRole('button', { name: 'Choose world-s' }).click();
  await again.getByRole('button', { name: /^Choose lab\/tiny-qwen@/ }).click();
  await expect(again.getByRole('button', { name: /^lab\/tiny-qwen@\w+ is chosen$/ })).toBeVisible();
  await again.getByRole('button', { name: 'Choose world-s' }).click();
  await again.getByRole('button', { name: /^Delete lab\/tiny-qwen@/ }).click();
  await expect(again.getByRole('button', { name: /^Choose lab/ })).toHaveCount(0);
});

test.describe('other responses of a hub', () => {
  test.use({ expectedErrors: [/Failed to load resource: the server responded with a status of 40[14]/] });

  test('models that are missing or gated are named with what to do', async ({ page, context }) => {
    const hub = await serveHub([await hubModel({ id: 'lab/gated', gated: 'manual' })]);
    await answerForHub(context, hub);
    const { dialog } = await openDialog(page);
    await lookUp(page, 'lab/nothing');
    await expect(dialog.getByRole('alert')).toContainText('E_HUB_NO_MODEL');
    await lookUp(page, 'lab/gated');
    await expect(dialog.getByRole('alert')).toContainText('E_HUB_GATED');
    await lookUp(page, 'no address at all');
    await expect(dialog.getByRole('alert')).toContainText('E_HUB_ID');
    await expect(dialog.getByRole('button', { name: 'world-s is chosen' })).toBeVisible();
    await hub.close();
  });

  test('a file with the wrong hash is not kept', async ({ page, context }) => {
    const hub = await serveHub([await hubModel()]);
    await answerForHub(context, hub);
    const { dialog } = await openDialog(page);
    await lookUp(page, ID);
    await expect(dialog.getByText(/in 5 files/)).toBeVisible();
    hub.setFaults([{ path: 'model.safetensors', kind: { wrongByte: 700 } }]);
    await dialog.getByRole('button', { name: /^Download \d/ }).click();
    await expect(dialog.getByRole('alert')).toContainText(/E_\w*HASH/, { timeout: 30_000 });
    hub.setFaults([]);
    await dialog.getByRole('button', { name: /^(Go on downloading|Download \d)/ }).click();
    await expect(dialog.getByText(`${ID}: is here`)).toBeVisible({ timeout: 30_000 });
    await hub.close();
  });
});
