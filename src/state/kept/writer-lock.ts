import type { RunStore } from '../run/run-store.ts';

/** Held by the one page of this site that trains and writes. */
const LOCK = 'copsd-lab-writer';
/** The channel on which a watching page asks the other to give way. */
const CHANNEL = 'copsd-lab-writer';

/** A reloaded page may find its predecessor's lock for a moment. */
const PATIENCE_MS = 500;

const ownLocks = (): LockManager | undefined => (globalThis.isSecureContext ? navigator.locks : undefined);

export interface WriterLock {
  /** Asks the writing tab to give way, which it does when idle. */
  takeOver(): void;
}

interface Parts {
  /** Whether this page is training, and so does not give way. */
  busy(): boolean;
  readonly locks?: LockManager | undefined;
  readonly openChannel?: (name: string) => BroadcastChannel;
}

/**
 * Makes this page the writer, or lets it watch until the writer closes or gives way: then it becomes the writer automatically. Without Web
 * Locks (a page that is not served securely) nothing can be kept anyway, and every page trains.
 */
export function createWriterLock(
  { store }: RunStore,
  { busy, locks = ownLocks(), openChannel = name => new BroadcastChannel(name) }: Parts,
): WriterLock {
  if (!locks) return { takeOver: () => undefined };
  const channel = openChannel(CHANNEL);
  let giveWay: (() => void) | null = null;
  let requested = false;

  function say(word: 'give way' | 'busy'): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A channel reaches its own origin alone.
    channel.postMessage(word);
  }

  const hold = (): Promise<void> =>
    new Promise(resolve => {
      giveWay = resolve;
    });

  function wait(patience: number): void {
    const timer = setTimeout(() => store.setState({ readOnly: true }), patience);
    void locks!.request(LOCK, () => {
      clearTimeout(timer);
      requested = false;
      if (store.getState().readOnly)
        store.setState({
          readOnly: false,
          notice: null,
          milestone: 'The other tab has given way: this one trains and keeps runs now.',
        });
      return hold();
    });
  }

  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === 'give way' && giveWay) {
      if (busy()) return say('busy');
      giveWay();
      giveWay = null;
      // The one that asked is first in the queue.
      wait(0);
    } else if (data === 'busy' && requested) {
      requested = false;
      store.setState({
        notice: {
          code: 'E_TAB_BUSY',
          message: 'the other tab is in the middle of a run',
          consequence: 'This tab keeps watching; the run is not disturbed.',
          nextStep:
            'Stop the run in the other tab, or close that tab: this one then takes over automatically.',
        },
      });
    }
  });

  void locks.request(LOCK, { ifAvailable: true }, lock => (lock ? hold() : wait(PATIENCE_MS)));
  return {
    takeOver() {
      requested = true;
      say('give way');
    },
  };
}
