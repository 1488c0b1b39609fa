/**
 * Milliseconds between pings, and without any sign of life after which a worker counts as dead. Opening an external model blocks the worker
 * for seconds, and for tens of seconds on a shared processor.
 */
export const BEAT_MS = 2_000;
export const SILENT_MS = 30_000;
/** A tick this late means that the page itself slept (hidden tab, closed lid), so silence proves nothing. */
const SLEPT_MS = BEAT_MS + 2_000;

export interface Heartbeat {
  /** Any message from the worker is a sign of life. */
  heard(): void;
  stop(): void;
}

/**
 * Pings until the other side has been silent for `SILENT_MS`, then calls `onSilent` once and stops. A terminated worker raises no event:
 * silence is the only sign.
 */
export function startHeartbeat(ping: () => void, onSilent: () => void): Heartbeat {
  let lastHeard = performance.now();
  let lastTick = lastHeard;
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - lastTick > SLEPT_MS) lastHeard = now;
    lastTick = now;
    if (now - lastHeard < SILENT_MS) return ping();
    clearInterval(timer);
    onSilent();
  }, BEAT_MS);
  return {
    heard: () => {
      lastHeard = performance.now();
    },
    stop: () => clearInterval(timer),
  };
}
