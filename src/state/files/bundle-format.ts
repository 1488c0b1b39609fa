export const BUNDLE_VERSION = 1;
/** Lists every file of a bundle except itself, with size and SHA-256. */
export const MANIFEST = 'manifest.json';
export const RUN_FILE = 'run.json';
