import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { EXPORT_KINDS, WEIGHT_FORMATS } from './export-formats.ts';

it('is the table of docs/exports.md, each format with a section of its own', async () => {
  const page = (await readFile('docs/exports.md', 'utf8')).replaceAll(/ +/g, ' ');
  const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  for (const kind of EXPORT_KINDS) {
    const { label, why } = WEIGHT_FORMATS[kind];
    expect(page).toContain(row(`\`${kind}\``, label, why));
    expect(page).toContain(`## ${label} (\`${kind}\`)\n`);
  }
  expect(page.match(/^\| `\w+` \| [^|]+ \| [^|]+ \|$/gm)).toHaveLength(EXPORT_KINDS.length);
});
