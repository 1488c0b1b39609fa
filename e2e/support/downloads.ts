import type { Download, Page } from '@playwright/test';

export async function bytesOf(download: Download): Promise<Buffer> {
  return Buffer.concat(await (await download.createReadStream()).toArray());
}

/** The file that an action on the page downloads. */
export async function downloaded(page: Page, action: () => Promise<unknown>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download'), action()]);
  return download;
}

/** What an item of the export menu downloads of the run on show. */
export async function exported(page: Page, item: RegExp): Promise<Download> {
  await page.getByRole('button', { name: 'Export' }).click();
  return await downloaded(page, () => page.getByRole('menuitem', { name: item }).click());
}
