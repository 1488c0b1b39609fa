import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { COLUMNS_PAGE, columnsPage } from './columns-page.ts';

test('docs/columns.md is what npm run columns writes', async () => {
  expect(await readFile(COLUMNS_PAGE, 'utf8')).toBe(await columnsPage());
});
