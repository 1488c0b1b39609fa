import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What all panels share: colours, elements and controls, the layout of the page, dialogs. */
const SHARED = ['shell/tokens.css', 'shell/base.css', 'shell/app.css', 'shared/dialog.css'];

const FILES = readdirSync('src/ui', { recursive: true, encoding: 'utf8' })
  .map(path => join('src/ui', path))
  .toSorted();
const find = (ending: string): readonly string[] => FILES.filter(path => path.endsWith(ending));
const read = (path: string): string => readFileSync(path, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
const STYLES = find('.css').map(path => [path.replace('src/ui/', ''), read(path)] as const);

/** What stands before the blocks that are in no other block. */
function outermost(css: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let begin = 0;
  for (let i = 0; i < css.length; i += 1) {
    if (css[i] === '{') {
      if (depth === 0) found.push(css.slice(begin, i).trim());
      depth += 1;
    } else if (css[i] === '}') {
      depth -= 1;
      begin = i + 1;
    }
  }
  return found;
}

/** The classes that components give, and the beginnings of those that they put together. */
const SOURCES = new Map([...find('.ts'), ...find('.tsx')].map(path => [path, read(path)]));
const literals = (source: string): readonly string[] => source.match(/'[^'\n]*'|"[^"\n]*"|`[^`]*`/g) ?? [];
const wordsOf = (sources: Iterable<string>): ReadonlySet<string> =>
  new Set([...sources].flatMap(source => literals(source).flatMap(text => text.match(/[\w-]+/g) ?? [])));
const WORDS = wordsOf(SOURCES.values());
const BEGINNINGS = [...SOURCES.values()].flatMap(source =>
  Array.from(source.matchAll(/([a-z][\w-]*-)\$\{/g), ([, begin]) => begin!),
);

describe.each(STYLES.filter(([path]) => !SHARED.includes(path)))('%s', (path, css) => {
  const roots = new Set(outermost(css).flatMap(selector => selector.match(/\.[\w-]+/g) ?? [selector]));

  it('styles nothing outside its own roots', () => {
    for (const selector of outermost(css))
      expect(selector).toMatch(/^(?:\.[\w-]+|:is\(\.[\w-]+(?:, \.[\w-]+)*\))$/);
  });

  it('has roots that no other file has, of which one is in its folder', () => {
    for (const [other, styles] of STYLES)
      if (other !== path)
        for (const selector of outermost(styles)) expect([...roots], other).not.toContain(selector);
    const own = wordsOf(
      [...SOURCES].flatMap(([file, source]) => (dirname(file) === `src/ui/${dirname(path)}` ? [source] : [])),
    );
    expect([...roots].filter(root => own.has(root.slice(1)))).not.toEqual([]);
  });
});

it.each(STYLES)('%s names no class that no component gives', (_, css) => {
  const selectors = css.replaceAll(/\{[^{}]*\}/g, '{}').replaceAll(/[\w-]+:[^;{}]*;/g, '');
  const unknown = Array.from(selectors.matchAll(/\.(-?[a-z][\w-]*)/gi), ([, name]) => name!).filter(
    name =>
      !WORDS.has(name) && !name.startsWith('recharts-') && !BEGINNINGS.some(begin => name.startsWith(begin)),
  );
  expect(unknown).toEqual([]);
});
