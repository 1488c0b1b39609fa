/** A version of the page that has been fetched whole and waits to be used. */
export interface WaitingVersion {
  /**
   * Activates it, unless other pages of the lab are open, whose files it would drop.
   * @returns the number of such pages; if 0, reload the page.
   */
  takeOver(): Promise<number>;
}

function askToTakeOver(worker: ServiceWorker): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  return new Promise(resolve => {
    port1.addEventListener('message', ({ data }: MessageEvent<number>) => {
      if (data > 0) resolve(data);
    });
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve(0);
    });
    port1.start();
    worker.postMessage('take-over', [port2]);
  });
}

/**
 * Has the browser cache the page, so that it opens offline, and calls `onWaiting` when a newer version has been fetched. Without service
 * workers (plain HTTP, some private windows) nothing is cached.
 */
export async function keepSite(onWaiting: (version: WaitingVersion) => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`);
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration) return;
  const look = (): void => {
    const { waiting, active } = registration;
    // The very first version waits for a moment, too.
    if (waiting && active) onWaiting({ takeOver: () => askToTakeOver(waiting) });
  };
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look);
  });
  look();
}
