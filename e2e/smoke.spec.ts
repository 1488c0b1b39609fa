import { expect, expectAccessible, test } from './support/fixtures.ts';

test('the built page opens below a path, under its policy, and is accessible', async ({ page }) => {
  const response = await page.goto('./');
  expect(response?.headers()['content-security-policy']).toContain("default-src 'none'");
  await expect(page.locator('meta[http-equiv="Content-Security-Policy"]')).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectAccessible(page);
});

test('the browser of these tests has WebGPU on the software adapter', async ({ page }) => {
  await page.goto('./');
  const architecture = await page.evaluate(async () => {
    const adapter = await navigator.gpu.requestAdapter();
    return adapter?.info.architecture;
  });
  expect(architecture).toBe('swiftshader');
});
