import { deflateSync } from 'fflate';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { LabError } from '../../contract/errors.ts';
import { withRecipe } from '../../settings/choices.ts';
import { RECIPES, loraOfRank } from '../../settings/recipes.ts';
import { runConfigSchema, type RunConfig } from '../../settings/run-config.ts';
import { PROJECTIONS } from '../../contract/projections.ts';
import { testRandom } from '../../testing/random.ts';
import { CATEGORIES, STYLES, type Constitution } from '../../contract/world.ts';
import { decodeBase64Url, encodeBase64Url } from './base64-url.ts';
import { MAX_LINK, readSharedHash, writeLink, type Shared } from './link-payload.ts';

const ADDRESS = 'https://example.org/lab/';

const WORDS = ['Never', 'support', 'harm', 'äöü', '安全', 'be', 'kind', '“quoted”', 'a&b', '100 %', '🙂'];

function randomConstitution(random: () => number): Constitution {
  const one = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const words = (): string =>
    Array.from({ length: 1 + Math.floor(random() * 12) }, () => one(WORDS)).join(' ');
  return {
    title: words(),
    clauses: Array.from({ length: 1 + Math.floor(random() * 20) }, (_, i) => ({
      id: `c-${i}`,
      text: `Rule ${i} ${words()}`,
      category: one([null, ...CATEGORIES]),
      style: one([null, ...STYLES]),
      enabled: random() < 0.7,
    })),
  };
}

function randomConfig(random: () => number): RunConfig {
  const recipe = RECIPES[Math.floor(random() * RECIPES.length)]!;
  const base = withRecipe(DEFAULT_CONFIG, recipe);
  const whole = (most: number): number => 1 + Math.floor(random() * most);
  return runConfigSchema.parse({
    ...base,
    steps: whole(100_000),
    seed: Math.floor(random() * 2 ** 32),
    maxNewTokens: whole(2048),
    temperature: 0.05 + random() * 4.9,
    topP: Math.max(1e-9, random()),
    mix: { benign: random(), borderline: random(), harmful: random(), general: 0.001 },
    optimizer: { ...base.optimizer, learningRate: random() ** 8, epsilon: 1e-300 + random() * 1e-12 },
    lora: random() < 0.5 ? { ...loraOfRank(whole(256)), targets: PROJECTIONS.slice(0, whole(7)) } : null,
    model: random() < 0.5 ? 'world-s' : 'some-one/Model-135M@0123456789abcdef0123456789abcdef01234567',
  });
}

function sharedOf(config: RunConfig, constitution: Constitution | null, view: string | null): Shared {
  const { constitution: _own, ...settings } = config;
  return { settings, constitution, view };
}

const hashOf = (shared: Shared): string => writeLink('', shared);

/** A payload of any JSON text, well formed all the same. */
function forged(text: string | Uint8Array, version = '1'): string {
  const unfolded = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return `#share=${version}.${encodeBase64Url(new Uint8Array([...sha256(unfolded).subarray(0, 4), ...deflateSync(unfolded, { level: 9 })]))}`;
}

function codeOf(hash: string): string {
  try {
    readSharedHash(hash);
  } catch (error) {
    if (error instanceof LabError) return error.fault.code;
    throw error;
  }
  return 'read';
}

const DEFAULT = sharedOf(DEFAULT_CONFIG, DEFAULT_CONFIG.constitution, null);
const { constitution: _constitution, ...SETTINGS } = DEFAULT_CONFIG;

it('brings back any settings and any constitution as they were', { timeout: 60_000 }, () => {
  const random = testRandom(1).uniform;
  for (let i = 0; i < 80; i += 1) {
    const constitution = random() < 0.8 ? randomConstitution(random) : null;
    const shared = sharedOf(randomConfig(random), constitution, random() < 0.5 ? 'crossed' : null);
    const link = writeLink(ADDRESS, shared);
    expect(link.startsWith(`${ADDRESS}#share=1.`)).toBe(true);
    expect(link.length).toBeLessThanOrEqual(MAX_LINK);
    expect(readSharedHash(link.slice(ADDRESS.length))).toEqual(shared);
  }
});

it('makes links of the usual settings that fit a message', () => {
  expect(writeLink(ADDRESS, DEFAULT).length).toBeLessThan(1_200);
});

it('throws LabErrors of links alone, whatever is done to a link', { timeout: 60_000 }, () => {
  const random = testRandom(2).uniform;
  const good = hashOf(sharedOf(randomConfig(random), randomConstitution(random), 'charts'));
  const unfolded = JSON.stringify({ settings: SETTINGS, constitution: DEFAULT_CONFIG.constitution });
  const place = (text: string): number => Math.floor(random() * text.length);
  const spoilt = (text: string, letters: string): string => {
    const at = place(text);
    const letter = letters[place(letters)]!;
    const kind = random();
    if (kind < 0.5) return text.slice(0, at) + letter + text.slice(at + 1);
    if (kind < 0.7) return text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 9));
    if (kind < 0.9) return text.slice(0, at) + letter + text.slice(at);
    return text.slice(0, at);
  };
  for (let i = 0; i < 900; i += 1) {
    const hash =
      i % 3 === 0
        ? forged(spoilt(unfolded, '{}[]":,\\0e-null\u0000\u202e<'))
        : `#share=${spoilt(good.slice(7), 'ABCabc019-_.%=\u0000é')}`;
    expect(codeOf(hash)).toMatch(/^(read|E_LINK_[A-Z_]+)$/);
  }
});

it('refuses what it does not know, and says which', () => {
  const json = (value: unknown): string => forged(JSON.stringify(value));
  const rule = { text: 'Be kind.' };
  const cases: readonly (readonly [string, string])[] = [
    ['#share=', 'E_LINK_DAMAGED'],
    ['#share=1.', 'E_LINK_DAMAGED'],
    ['#share=1.AAAA', 'E_LINK_DAMAGED'],
    ['#share=1.A+A/', 'E_LINK_DAMAGED'],
    ['#share=x.AAAA', 'E_LINK_DAMAGED'],
    [hashOf(DEFAULT).slice(0, -3), 'E_LINK_DAMAGED'],
    [`${hashOf(DEFAULT)}).`, 'E_LINK_DAMAGED'],
    [forged('{}', '2'), 'E_LINK_VERSION'],
    [`#share=1.${'A'.repeat(MAX_LINK)}`, 'E_LINK_TOO_LONG'],
    [forged(new Uint8Array(9_000_000)), 'E_LINK_UNFOLDS'],
    [forged('{"settings":'), 'E_LINK_JSON'],
    [forged('{"settings":{},"settings":{}}'), 'E_LINK_JSON'],
    [forged('{"__proto__":{},"settings":{}}'), 'E_LINK_JSON'],
    [forged('['.repeat(50_000)), 'E_LINK_JSON'],
    [forged(new Uint8Array([0xff, 0xfe, 0x00])), 'E_LINK_JSON'],
    [json([]), 'E_LINK_SETTING'],
    [json({}), 'E_LINK_SETTING'],
    [json({ settings: SETTINGS, run: true }), 'E_LINK_FIELD'],
    [json({ settings: { ...SETTINGS, run: true } }), 'E_LINK_FIELD'],
    [json({ settings: { ...SETTINGS, optimizer: { ...SETTINGS.optimizer, x: 1 } } }), 'E_LINK_FIELD'],
    [json({ settings: DEFAULT_CONFIG }), 'E_LINK_FIELD'],
    [json({ settings: { ...SETTINGS, steps: 1e9 } }), 'E_LINK_SETTING'],
    [json({ settings: { ...SETTINGS, version: 3 } }), 'E_LINK_SETTING'],
    [forged(JSON.stringify({ settings: SETTINGS }).replace('"steps":60', '"steps":1e400')), 'E_LINK_SETTING'],
    [json({ settings: { ...SETTINGS, model: 'world\u202es' } }), 'E_LINK_TEXT'],
    [json({ settings: SETTINGS, view: '<b>' }), 'E_LINK_SETTING'],
    [json({ settings: SETTINGS, constitution: { title: 'x', clauses: [] } }), 'E_LINK_CONSTITUTION'],
    [json({ settings: SETTINGS, constitution: { clauses: ['<img src=x>'] } }), 'E_LINK_CONSTITUTION'],
    [json({ settings: SETTINGS, constitution: { clauses: ['a\u202eb'] } }), 'E_LINK_CONSTITUTION'],
    [json({ settings: SETTINGS, constitution: { clauses: [rule], run: 1 } }), 'E_LINK_CONSTITUTION'],
    [json({ settings: SETTINGS, constitution: { clauses: ['<|im_end|>'] } }), 'E_LINK_CONSTITUTION'],
  ];
  expect(cases.map(([hash]) => codeOf(hash))).toEqual(cases.map(([, code]) => code));
});

it('names the place of a setting that it refuses, and leaves everything as it was', () => {
  try {
    readSharedHash(forged(JSON.stringify({ settings: { ...SETTINGS, queries: 0 } })));
    expect.unreachable();
  } catch (error) {
    expect((error as LabError).fault).toMatchObject({
      place: 'settings.queries',
      consequence: 'The link was ignored; your settings are unchanged.',
    });
  }
});

it('makes no link that is too long, and says by how much and what to shorten', () => {
  const random = testRandom(3).uniform;
  const letters = (): string => Array.from({ length: 1_900 }, () => random().toString(36)[2] ?? 'x').join('');
  const clauses = Array.from({ length: 60 }, (_, i) => ({
    id: `c${i}`,
    text: letters(),
    category: null,
    style: null,
    enabled: true,
  }));
  try {
    writeLink(ADDRESS, { ...DEFAULT, constitution: { title: 'Long', clauses } });
    expect.unreachable();
  } catch (error) {
    expect((error as LabError).fault).toMatchObject({
      code: 'E_LINK_TOO_LONG',
      message: expect.stringMatching(/[\d,]+ characters, [\d,]+ more than the 32,768/) as string,
      consequence: 'No link was made; your settings are unchanged.',
      nextStep: expect.stringMatching(/^Shorten the constitution, which takes [\d,]+ of them/) as string,
    });
  }
});

it('makes no link that it would not read', () => {
  const clauses = [{ id: 'a', text: '<img src=x>', category: null, style: null, enabled: true }];
  expect(() => writeLink(ADDRESS, { ...DEFAULT, constitution: { title: 'x', clauses } })).toThrow(
    'E_LINK_CONSTITUTION',
  );
});

it('reads base64url strictly', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(decodeBase64Url(encodeBase64Url(bytes))).toEqual(bytes);
  for (const text of ['A', 'AA==', 'A A', 'AA+', 'AA/', 'AÄ']) expect(decodeBase64Url(text)).toBeNull();
});
