import type { LabEvent } from '../protocol/lab-api.ts';

/** Milliseconds that events gather before they go to the page in one message. */
const BATCH_INTERVAL = 100;

/** Gathers events, so that many cross threads in one message. */
export class EventBatch {
  /** Who is told; events before there is a listener are lost. */
  listener: ((events: readonly LabEvent[]) => unknown) | undefined;
  #batch: LabEvent[] = [];

  add(event: LabEvent): void {
    if (this.#batch.push(event) > 1) return;
    setTimeout(() => {
      const events = this.#batch;
      this.#batch = [];
      void this.listener?.(events);
    }, BATCH_INTERVAL);
  }
}
