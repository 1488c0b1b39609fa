import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstLoad, initialScripts } from './check-budget.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'budget-'));
  mkdirSync(join(folder, 'assets'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function build(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
}

test('static imports and exports count once, dynamic imports and workers do not', () => {
  const entry = `import{a}from"./a.js";import"./b.js";const l=()=>import("./lazy.js");new Worker(new URL("w.js",import.meta.url));l(a);`;
  build({
    'index.html': `<script type="module" crossorigin src="./assets/main.js"></script><link rel="stylesheet" href="./x.css"><link rel="modulepreload" crossorigin href="./assets/a.js">`,
    'assets/main.js': entry,
    'assets/a.js': `export{b as a}from"./b.js";export*from"./c.js";`,
    'assets/b.js': `export const b=1;`,
    'assets/c.js': `import"./a.js";export const c="import './text.js'";`,
    'assets/lazy.js': `export const lazy=1;`,
  });
  const scripts = initialScripts(folder);
  expect(scripts.map(({ path }) => path).toSorted()).toEqual(
    ['a', 'b', 'c', 'main'].map(name => join('assets', `${name}.js`)),
  );
  expect(scripts[0]).toEqual({ path: join('assets', 'main.js'), bytes: gzipSync(entry).byteLength });
});

test('the first load counts the page, its styles, and what its tags name', () => {
  const html = `<link rel="icon" href="./icon.png"><link rel="preload" href="./run.json" as="fetch"><script type="module" src="./assets/main.js"></script><link rel="stylesheet" crossorigin href="./assets/main.css">`;
  build({
    'index.html': html,
    'icon.png': 'x'.repeat(500),
    'run.json': '{}',
    'assets/main.js': 'export const a=1;',
    'assets/main.css': 'p{margin:0}',
  });
  const { scripts, styles, others } = firstLoad(folder);
  expect(scripts.map(({ path }) => path)).toEqual([join('assets', 'main.js')]);
  expect(styles.map(({ path }) => path)).toEqual([join('assets', 'main.css')]);
  expect(others).toEqual([
    { path: 'index.html', bytes: gzipSync(html).byteLength },
    { path: 'icon.png', bytes: 500 },
    { path: 'run.json', bytes: gzipSync('{}').byteLength },
  ]);
});

test('a page without scripts, a missing file and a bare import are errors, not a small size', () => {
  build({ 'index.html': '<p>nothing</p>' });
  expect(() => initialScripts(folder)).toThrow('loads no script');
  build({ 'index.html': '<script type="module" src="./assets/main.js"></script>' });
  expect(() => initialScripts(folder)).toThrow('ENOENT');
  build({ 'assets/main.js': 'import "react";' });
  expect(() => initialScripts(folder)).toThrow('imports "react"');
});
