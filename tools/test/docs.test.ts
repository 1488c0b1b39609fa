import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { format } from 'prettier';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const listed = (...patterns: string[]): string[] =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...patterns], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter(path => path !== '' && existsSync(join(ROOT, path)));
const pages = listed('*.md');

/** A page's text without code, where brackets and number signs mean something else. */
const prose = (text: string): string => text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, 'code');

/** Anchors as GitHub makes them from headings. */
const anchorsOf = (text: string): string[] =>
  [...text.replace(/^```.*?^```/gms, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );

test('links between pages lead to files and headings that exist', () => {
  const broken = pages.flatMap(page =>
    [...prose(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target!)
      .filter(target => !/^[a-z]+:/i.test(target))
      .filter(target => {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), path));
        if (!existsSync(join(ROOT, file))) return true;
        return (
          anchor !== undefined &&
          (statSync(join(ROOT, file)).isDirectory() || !anchorsOf(read(file)).includes(anchor))
        );
      })
      .map(target => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});

/** Paths of sources, in code; a name in capitals or a placeholder such as `NAME` stands for any. */
const SOURCE = /`((?:src|tools|workers|e2e|public)\/[\w./-]+)`/g;

test('sources that pages name exist', () => {
  const missing = pages
    .filter(page => !page.startsWith('docs/results'))
    .flatMap(page =>
      [...read(page).matchAll(SOURCE)]
        .map(([, path]) => path!)
        .filter(path => !/[A-Z]{3}/.test(path) && !existsSync(join(ROOT, path)))
        .map(path => `${page}: ${path}`),
    );
  expect(missing).toEqual([]);
});

interface Policy {
  readonly from: { readonly element?: { readonly type?: string } };
  readonly allow: {
    readonly to: { readonly element: { readonly types?: { readonly anyOf: readonly string[] } } };
  };
}

/** What each room may import besides `contract`, by lint's rule. */
function importsByRoom(): Map<string, readonly string[]> {
  const lint = JSON.parse(read('.oxlintrc.json')) as {
    rules: { 'boundaries/dependencies': [string, { policies: readonly Policy[] }] };
    settings: { 'boundaries/elements': readonly { type: string }[] };
  };
  const rooms = new Map<string, readonly string[]>(
    lint.settings['boundaries/elements'].map(({ type }) => [type, []]),
  );
  for (const { from, allow } of lint.rules['boundaries/dependencies'][1].policies) {
    const room = from.element?.type;
    const { types } = allow.to.element;
    if (room && types)
      rooms.set(
        room,
        [...rooms.keys()].filter(type => type !== 'contract' && types.anyOf.includes(type)),
      );
  }
  return rooms;
}

// After a change of .oxlintrc.json: npm run test:unit -- docs --update writes the third column; the second is written by hand.
test('the table of rooms in docs/architecture.md is that of lint', async () => {
  const rooms = importsByRoom();
  const text = read('docs/architecture.md');
  const described = new Map(
    [...text.matchAll(/^\| `([\w./]+)` +\| ([^|]*) \|/gm)].map(([, room, what]) => [room!, what!]),
  );
  const FILES: Readonly<Record<string, string>> = { main: 'main.tsx', lab: 'state/lab.ts' };
  const name = (room: string): string => FILES[room] ?? room;
  const rows = [...rooms].map(
    ([room, imports]) =>
      `| \`${name(room)}\` | ${described.get(name(room))?.trim() ?? '**to be described**'} | ${imports.join(', ') || '–'} |`,
  );
  const table = ['| room | what it holds | may import |', '| --- | --- | --- |', ...rows].join('\n');
  const written = text.replace(/^\| room .*?(?=\n\n)/ms, table);
  expect(written).not.toContain('to be described');
  const options = { ...(JSON.parse(read('.prettierrc.json')) as object), parser: 'markdown' };
  await expect(await format(written, options)).toMatchFileSnapshot(join(ROOT, 'docs/architecture.md'));
});
