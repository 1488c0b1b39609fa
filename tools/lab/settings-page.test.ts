import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { FIELDS } from '../../src/settings/fields.ts';
import { SETTINGS_PAGE, settingsPage } from './settings-page.ts';

test('docs/settings.md is what npm run settings writes, and has every setting', async () => {
  const page = await settingsPage();
  expect(await readFile(SETTINGS_PAGE, 'utf8')).toBe(page);
  for (const { path, kind, told } of FIELDS)
    if (kind !== 'part' && !told) expect(page, path).toContain(`\`${path}\``);
});
