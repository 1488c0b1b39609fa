import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { control, expectFits, LENGTH, line, openLab, press } from './support/lab-page.ts';
import { smallTargets } from './support/small-targets.ts';

const tab =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await press(page, 'Compare');
    const dialog = page.getByRole('dialog', { name: 'Compare runs' });
    await dialog.getByRole('button', { name, exact: true }).click();
    await expect(dialog.locator('.chart, .answers').first()).toBeVisible();
  };

interface Screen {
  readonly name: string;
  /** The part checked against WCAG; the whole page by default. */
  readonly within?: string;
  /** From the freshly opened page. */
  open(page: Page): Promise<unknown>;
}

/**
 * Every screen of the page. A new one is a line here: it is then checked against WCAG in light and dark, at 320 px, and for its targets.
 */
const SCREENS: readonly Screen[] = [
  { name: 'main', open: async () => undefined },
  {
    name: 'more figures',
    open: async page => {
      await page.getByText('More figures').click();
      await expect(page.getByRole('img', { name: /^Helpfulness and safety win rates/ })).toBeAttached();
    },
  },
  {
    name: 'tables and logarithmic axes',
    open: async page => {
      await page.getByRole('button', { name: 'Log axis' }).first().click();
      await page.getByRole('button', { name: 'Table', exact: true }).nth(1).click();
    },
  },
  {
    name: 'setup unfolded',
    open: page =>
      page.evaluate(() => {
        document.querySelector<HTMLElement>('.pane-tab:nth-child(3)')?.click();
        document
          .querySelectorAll<HTMLDetailsElement>('.pane-setup details')
          .forEach(group => (group.open = true));
      }),
  },
  {
    name: 'samples pinned and flagged',
    open: async page => {
      await page.evaluate(() => document.querySelector<HTMLElement>('.pane-tab:nth-child(2)')?.click());
      await press(page, 'Pin this prompt');
      await page
        .getByRole('button', { name: /^Flag / })
        .first()
        .click();
    },
  },
  {
    name: 'tokens',
    open: async page => {
      await press(page, /^Tokens$/);
      await press(page, 'Token of highest KL');
    },
  },
  {
    name: 'geometry',
    open: async page => {
      await press(page, /^Geometry$/);
      await expect(page.getByRole('heading', { name: 'Measured on this run' })).toBeVisible();
    },
  },
  {
    name: 'lesson',
    open: async page => {
      await page.keyboard.press('l');
      await expect(page.getByRole('complementary', { name: 'Lesson' })).toBeVisible();
    },
  },
  { name: 'share', open: page => press(page, 'Share') },
  // What the menu partly covers is pressed once it has closed.
  { name: 'export menu', within: '.bar', open: page => press(page, 'Export') },
  { name: 'help', open: page => page.keyboard.press('?') },
  {
    name: 'constitution',
    open: async page => {
      await page.keyboard.press('c');
      await page.getByText('Kept in this browser').click();
      await press(page, 'Keep this one');
      await press(page, 'Paste text');
    },
  },
  {
    name: 'models',
    open: async page => {
      await page.evaluate(() => document.querySelector<HTMLElement>('.pane-tab:nth-child(3)')?.click());
      await page.locator('.group-title', { hasText: /^Model$/ }).click();
      await press(page, 'Other model');
      await expect(page.getByRole('dialog', { name: 'Choose a student' })).toBeVisible();
    },
  },
  // The other figures of Compare are covered by its own tests, without opening the page again for each.
  { name: 'compare: Pareto', open: tab('Pareto') },
  { name: 'compare: Answers', open: tab('Answers') },
];

// A colour in transition has the contrast of neither end.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

async function open(page: Page, screen: Screen): Promise<void> {
  await openLab(page);
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
  await screen.open(page);
}

for (const screen of SCREENS) {
  test(`${screen.name}: accessible in light and dark; targets large enough; fits 320 px, as at a zoom of 400 %`, async ({
    page,
  }) => {
    await open(page, screen);
    await expectAccessible(page, screen.within);
    expect(await smallTargets(page), 'targets that are small and close').toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectAccessible(page, screen.within);
    await page.setViewportSize({ width: 320, height: 640 });
    await expectFits(page, screen.name);
  });
}

test('text at 200 % stays readable: nothing overflows the page or is cut from the controls', async ({
  page,
}) => {
  await openLab(page);
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
  await page.setViewportSize({ width: 640, height: 400 });
  await expectFits(page);
  for (const name of ['Run', 'Step', 'Stop', 'Reset']) {
    const cut = await control(page, name).evaluate(element => element.scrollWidth - element.clientWidth);
    expect(cut, name).toBeLessThanOrEqual(1);
  }
});

test('with forced colours lines, toggles and selections are still visible', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await openLab(page);
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
  const differs = (chosen: string, other: string): Promise<boolean> =>
    page.evaluate(
      selectors => {
        const look = (selector: string): string => {
          const element = document.querySelector(selector);
          if (!element) throw new Error(`no ${selector}`);
          const { outline, border, backgroundColor, boxShadow, fontWeight } = getComputedStyle(element);
          return [outline, border, backgroundColor, boxShadow, fontWeight].join();
        };
        return look(selectors[0]!) !== look(selectors[1]!);
      },
      [chosen, other],
    );
  expect(await differs('.samples-kinds [aria-pressed="true"]', '.samples-kinds [aria-pressed="false"]')).toBe(
    true,
  );
  const strokes = await page.evaluate(() => {
    const colour = (selector: string): string => getComputedStyle(document.querySelector(selector)!).stroke;
    return {
      ground: getComputedStyle(document.querySelector('.chart')!).backgroundColor,
      lines: ['smoothed', 'base', 'teacher'].map(name => colour(`[data-layer=${name}] path`)),
    };
  });
  for (const stroke of strokes.lines) expect(stroke).not.toBe(strokes.ground);
  await page.keyboard.press('c');
  await expect(page.locator('.clause-switch input').first()).toBeVisible();
  expect(
    await page.evaluate(() => {
      const box = document.querySelector<HTMLInputElement>('.clause-switch input')!;
      const on = getComputedStyle(box).backgroundColor;
      box.click();
      return on !== getComputedStyle(box).backgroundColor || getComputedStyle(box).borderStyle !== 'none';
    }),
  ).toBe(true);
});

test('focus is visible wherever it goes', async ({ page }) => {
  await openLab(page);
  await expect(line(page, LENGTH)).toHaveAttribute('d', /^M/);
  let reached = 0;
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const { unseen, anywhere } = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return { unseen: null, anywhere: false };
      const ring = (of: Element): boolean => {
        const { outlineStyle, outlineWidth } = getComputedStyle(of);
        return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
      };
      const { top, bottom } = element.getBoundingClientRect();
      const hidden = bottom < 0 || top > innerHeight;
      const around = element.closest('label');
      const seen = (ring(element) || (around !== null && ring(around))) && !hidden;
      return { unseen: seen ? null : element.outerHTML.slice(0, 120), anywhere: true };
    });
    expect(unseen).toBeNull();
    reached += Number(anywhere);
  }
  expect(reached, 'presses of Tab that led somewhere').toBeGreaterThan(50);
});
