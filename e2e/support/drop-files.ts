import { expect, type Page } from '@playwright/test';

export interface DroppedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Drops files on the middle of the page, as from a file manager. */
export async function dropFiles(page: Page, ...files: readonly DroppedFile[]): Promise<void> {
  const transfer = await page.evaluateHandle(
    given => {
      const data = new DataTransfer();
      for (const { name, base64 } of given)
        data.items.add(new File([Uint8Array.from(atob(base64), c => c.codePointAt(0) ?? 0)], name));
      return data;
    },
    files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') })),
  );
  const main = page.getByRole('main');
  await main.dispatchEvent('dragover', { dataTransfer: transfer });
  await expect(page.getByText('Drop a constitution or a run')).toBeVisible();
  await main.dispatchEvent('drop', { dataTransfer: transfer });
}
