import type { Page } from '@playwright/test';

/** Targets below 24 px in both directions, and not spaced by that much either (WCAG 2.2, 2.5.8); links in text are exempt. */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const size = 24;
    const shown = [
      ...document.querySelectorAll<HTMLElement>('button, select, input, summary, textarea, a[href]'),
    ]
      .filter(element => element.checkVisibility() && !element.closest('p'))
      // A target enlarged by its label is as large as the label.
      .map(element => (element instanceof HTMLInputElement && element.closest('label')) || element)
      .map(element => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.height > 1);
    const near = (a: DOMRect, b: DOMRect): boolean =>
      Math.hypot(a.x + a.width / 2 - (b.x + b.width / 2), a.y + a.height / 2 - (b.y + b.height / 2)) < size;
    return shown
      .filter(({ box }) => box.width < size - 0.5 || box.height < size - 0.5)
      .filter(({ element, box }) => shown.some(other => other.element !== element && near(box, other.box)))
      .map(({ element, box }) => `${element.outerHTML.slice(0, 90)} ${box.width} × ${box.height}`);
  });
