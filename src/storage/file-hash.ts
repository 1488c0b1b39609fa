import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { HubFile } from '../contract/model-hub.ts';

/** The hash of a file that arrives in pieces. */
export interface FileHasher {
  update(piece: Uint8Array): void;
  /** Whether the pieces together are the file. Finishes the hash. */
  matches(): boolean;
}

/**
 * SHA-256 of the content for files in Git LFS; for others git's blob hash: SHA-1 of `blob`, a space, the length in decimal, a zero byte and
 * the content. WebCrypto hashes whole buffers only, so these run in JavaScript.
 */
export function hashFile({ bytes, hash }: Pick<HubFile, 'bytes' | 'hash'>): FileHasher {
  const state = hash.algorithm === 'sha256' ? sha256.create() : sha1.create();
  if (hash.algorithm === 'git-blob-sha1') state.update(utf8ToBytes(`blob ${bytes}\0`));
  return {
    update: piece => void state.update(piece),
    matches: () => bytesToHex(state.digest()) === hash.digest,
  };
}
