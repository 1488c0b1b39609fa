export const BUNDLE_VERSION = 1;
/** Names every file of a bundle but itself, with its bytes and its SHA-256. */
export const MANIFEST = 'manifest.json';
export const RUN_FILE = 'run.json';
