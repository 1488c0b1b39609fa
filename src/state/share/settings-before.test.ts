import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { diffConfigs, recipeChanges } from '../../settings/differences.ts';
import { problemsOf } from '../../settings/problems.ts';
import { runConfigSchema, type RunConfig } from '../../settings/run-config.ts';
import { MemoryStorage } from '../page/memory-storage-fixture.ts';
import { storedSettings } from '../setup/stored-settings.ts';
import { readSharedHash } from './link-payload.ts';
import { settingsFromLink } from './link-settings.ts';

/** Links, kept settings and a run's settings as the page wrote and read them before the settings were one table. */
const BEFORE = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/settings-before.json'), 'utf8'),
) as {
  readonly links: readonly { readonly query: string; readonly config: RunConfig }[];
  readonly shared: readonly { readonly hash: string; readonly config: RunConfig }[];
  readonly kept: string;
  readonly older: RunConfig;
};

beforeEach(() => vi.stubGlobal('localStorage', new MemoryStorage()));
afterEach(() => {
  vi.unstubAllGlobals();
});

test.each(BEFORE.links)('$query sets what it set before', ({ query, config }) => {
  expect(settingsFromLink(query, DEFAULT_CONFIG)).toMatchObject({ config, set: true, fault: null });
});

test.each(BEFORE.shared)('a shared link opens as it did: $config.recipe', ({ hash, config }) => {
  const { settings, constitution, view } = readSharedHash(hash);
  expect({ ...settings, constitution }).toMatchObject(config);
  expect(view).toBe('crossed');
});

test('settings that the browser kept are still read', () => {
  localStorage.setItem('copsd-lab.settings', BEFORE.kept);
  const { value, fault } = storedSettings.read();
  expect(fault).toBeNull();
  expect({ version: 2, value }).toMatchObject(JSON.parse(BEFORE.kept) as object);
});

test('settings from before adapters, chat models and inspections are whole, and are compared as they are', () => {
  const whole = runConfigSchema.parse(BEFORE.older);
  expect(whole).toMatchObject({ adapter: null, chat: null, evaluation: { inspect: 0 } });
  expect(diffConfigs(BEFORE.older, whole)).toEqual([]);
  expect(recipeChanges(BEFORE.older)).toEqual([]);
});

const RUNS = join(import.meta.dirname, '../../../public/runs');
const recorded = readdirSync(RUNS).filter(name => /-\d\.json$/.test(name));

test('the settings of every recorded run are valid, and told in words', () => {
  expect(recorded.length).toBeGreaterThan(30);
  for (const name of recorded) {
    const record = JSON.parse(readFileSync(join(RUNS, name), 'utf8')) as { receipt: { config: RunConfig } };
    const { config } = record.receipt;
    expect(problemsOf(config), name).toEqual([]);
    expect(diffConfigs(runConfigSchema.parse(config), config), name).toEqual([]);
    for (const { before, after } of diffConfigs(DEFAULT_CONFIG, config))
      expect(`${before} ${after}`, name).not.toMatch(/undefined|NaN|object/);
  }
});
