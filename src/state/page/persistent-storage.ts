let requested = false;

/**
 * Asks the browser, once, not to evict what this site keeps; it may refuse. Only pages can ask, not workers.
 */
export function askToStay(): void {
  if (requested || !globalThis.isSecureContext) return;
  requested = true;
  void navigator.storage.persist().catch(() => false);
}
