import { chromium } from 'playwright';
import { expect, test } from 'vitest';
import { findChromium } from './chromium.ts';

const only =
  (...paths: string[]) =>
  (path: string): boolean =>
    paths.includes(path);

test('the browser that CHROMIUM_PATH names is taken before any other, and must exist', () => {
  const env = { CHROMIUM_PATH: '/mine/chrome', PATH: '/bin' };
  expect(findChromium(env, only('/mine/chrome', '/bin/chromium'))).toBe('/mine/chrome');
  expect(() => findChromium(env, only('/bin/chromium'))).toThrow('CHROMIUM_PATH is /mine/chrome');
});

test("then one on PATH, then Playwright's own, then none", () => {
  const env = { PATH: '/a:/b' };
  const own = chromium.executablePath();
  expect(findChromium(env, only('/b/google-chrome', own))).toBe('/b/google-chrome');
  expect(findChromium(env, only(own))).toBe(own);
  expect(findChromium(env, only())).toBeUndefined();
});
