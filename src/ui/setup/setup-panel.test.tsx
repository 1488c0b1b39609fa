import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FIELDS } from '../../settings/fields.ts';
import { GROUPS } from '../../settings/groups.ts';
import { RECIPES } from '../../settings/recipes.ts';
import { createLab } from '../../state/lab.ts';
import { MemoryStorage } from '../../state/page/memory-storage-fixture.ts';
import { LabContext } from '../shared/lab-context.ts';
import { SetupPanel } from './setup-panel.tsx';

beforeEach(() => vi.stubGlobal('localStorage', new MemoryStorage()));
afterEach(() => {
  vi.unstubAllGlobals();
});

const TAG = /<[^>]*>/g;

/** The panel's texts in their order. */
function panel(query: string): { readonly text: string; readonly lab: ReturnType<typeof createLab> } {
  const lab = createLab({ query });
  const html = renderToString(
    <LabContext value={lab}>
      <SetupPanel />
    </LabContext>,
  );
  return { text: html.replaceAll(TAG, '|').replaceAll('&amp;', '&').replaceAll('&#x27;', '’'), lab };
}

test.each([
  ...RECIPES.map(name => `?recipe=${name}`),
  '?method=jsd&teacher=ema',
  '?method=skew-forward&teacher=refreshed',
  '?method=alpha&teacher=external',
])('%s: every setting that applies is offered, in the order of the groups', query => {
  const { text, lab } = panel(query);
  const { draft } = lab.config.store.getState();
  const texts = new Set(text.split('|').map(each => each.trim()));
  let from = 0;
  for (const { title, fields, applies } of GROUPS) {
    const at = text.indexOf(`|${title}`, from);
    if (applies && !applies(draft)) continue;
    expect(at, title).toBeGreaterThanOrEqual(from);
    from = at;
    for (const { path, words, kind } of fields)
      if (kind === 'number' || kind === 'switch' || kind === 'list') {
        const has = fields.some(field => field.path === path && field.applies(draft));
        expect(texts.has(words.control ?? words.label), path).toBe(has);
      }
  }
});

test('an objective brings its formula and its number, and a note where no teacher takes part', () => {
  const jsd = panel('?method=jsd').text;
  for (const words of ['Jensen–Shannon, β 0.5', 'm = (1 − β) student + β teacher', '0.25 of a KL’s'])
    expect(jsd).toContain(words);
  expect(panel('?method=skew-forward').text).toContain('bounded where the student never goes');
  expect(panel('?method=skew-reverse').text).toContain('bounded on tokens that the teacher never says');
  expect(jsd).not.toContain('No teacher takes part');
  expect(panel('?recipe=grpo').text).toContain('No teacher takes part under this objective.');
});

test('every setting with words has a place: the panel, or the chat model’s settings', () => {
  for (const { path, group } of FIELDS)
    expect([...GROUPS.map(({ title }) => title), 'Chat model'], path).toContain(group);
});
