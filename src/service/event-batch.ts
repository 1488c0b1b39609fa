import type { LabEvent } from '../protocol/lab-api.ts';

/** Milliseconds for which events gather before they go to the page in one message. */
const BATCH_INTERVAL = 100;

/** Gathers events, so that many cross threads in one message. */
export class EventBatch {
  /** The listener; events before there is one are lost. */
  listener: ((events: readonly LabEvent[]) => unknown) | undefined;
  #batch: LabEvent[] = [];

  add(event: LabEvent): void {
    if (this.#batch.push(event) === 1) setTimeout(() => void this.#deliver(), BATCH_INTERVAL);
  }

  async #deliver(): Promise<void> {
    const events = this.#batch;
    this.#batch = [];
    try {
      await this.listener?.(events);
    } catch {
      // An error of the page, which reports it there. Left alone it would end this thread and the run with it.
    }
  }
}
