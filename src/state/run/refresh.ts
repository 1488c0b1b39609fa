/** At most four redraws a second for each reader, and never two readers in one task. */
const PERIOD_MS = 250;
const GAP_MS = 24;

interface Reader {
  readonly redraw: () => boolean;
  last: number;
}

/**
 * Spreads the redraws of many readers over time, so that no single task of the main thread grows long. Timers, not animation frames: those
 * stop in hidden tabs, and a chart should be up to date when its tab is shown again.
 */
export class RefreshQueue {
  readonly #waiting = new Set<Reader>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Calls `redraw` after `subscribe`'s source has changed, at the queue's pace; it returns whether it drew, since one with nothing to draw
   * makes room for the next. Returns a function that stops it.
   */
  attach(subscribe: (onChange: () => void) => () => void, redraw: () => boolean): () => void {
    const reader: Reader = { redraw, last: -Infinity };
    const detach = subscribe(() => {
      this.#waiting.add(reader);
      this.#timer ??= setTimeout(() => this.#pump(), GAP_MS);
    });
    return () => {
      detach();
      this.#waiting.delete(reader);
    };
  }

  #pump(): void {
    const now = performance.now();
    for (const reader of this.#waiting) {
      if (now - reader.last < PERIOD_MS) continue;
      this.#waiting.delete(reader);
      reader.last = now;
      if (reader.redraw()) break;
    }
    this.#timer = this.#waiting.size > 0 ? setTimeout(() => this.#pump(), GAP_MS) : undefined;
  }
}
