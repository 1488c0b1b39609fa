let requested = false;

/**
 * Asks the browser, once, not to delete what this site keeps when it needs room; it may refuse. Pages alone can ask, workers cannot.
 */
export function askToStay(): void {
  if (requested || !globalThis.isSecureContext) return;
  requested = true;
  void navigator.storage.persist().catch(() => false);
}
