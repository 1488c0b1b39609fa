/** How a page opened, measured in the page. */
export interface Opening {
  /** Milliseconds from the start of the navigation to the frame that showed the first chart's line. */
  firstChart: number | undefined;
  /** Cumulative layout shift so far: movement not caused by the user, as scored by Chromium. */
  shift: number;
}

declare global {
  interface Window {
    opening?: Opening;
  }
}

/** Runs in a page before its scripts (`page.addInitScript`) and keeps `window.opening` up to date. Self-contained. */
export function watchOpening(): void {
  const opening: Opening = { firstChart: undefined, shift: 0 };
  window.opening = opening;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput } = entry as PerformanceEntry & {
        readonly value: number;
        readonly hadRecentInput: boolean;
      };
      if (!hadRecentInput) opening.shift += value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
  const drawn = (): boolean =>
    (document.querySelector('.plots [data-layer=smoothed] path')?.getAttribute('d') ?? '').length > 20;
  const mutations = new MutationObserver(() => {
    if (!drawn()) return;
    mutations.disconnect();
    // A task after the frame's own callbacks: the frame has been laid out and painted.
    requestAnimationFrame(() => {
      setTimeout(() => {
        opening.firstChart = performance.now();
      });
    });
  });
  mutations.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['d'] });
}
