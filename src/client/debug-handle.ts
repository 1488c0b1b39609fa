import type { LabClient } from './lab-client.ts';

/** For tests and debugging: on the page as `copsdLab` if its URL has `?debug`. */
export interface DebugHandle {
  /** Destroys the GPU device as a driver crash would. */
  loseDevice(): Promise<unknown>;
  /** Kills the worker silently, as the system does when memory runs out. */
  killWorker(): void;
}

declare global {
  interface Window {
    copsdLab?: DebugHandle;
  }
}

/** Puts the handle on the page if `query` asks for it. It can only break things, so it is never there by default. */
export function exposeDebugHandle(query: string, client: () => LabClient): void {
  if (!new URLSearchParams(query).has('debug')) return;
  window.copsdLab = {
    loseDevice: () => client().loseDevice(),
    killWorker: () => client().kill(),
  };
}
