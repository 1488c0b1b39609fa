import type { SourceTensor } from '../model/frozen-weights.ts';
import { sha256 } from '../contract/sha256.ts';

/** Hashes tensors while they are read, so that a model need not be read twice. */
export interface HashedTensors {
  readonly tensors: ReadonlyMap<string, SourceTensor>;
  /**
   * SHA-256, in hexadecimal, of one line a piece: `NAME BEGIN END SHA-256 of the piece`, sorted by name and place. Equal weights read in
   * equal pieces have equal digests, however they are divided into files and shards.
   */
  digest(): Promise<string>;
}

/** Wraps the tensors of a checkpoint; each range counts as often as it is read. */
export function hashedTensors(tensors: ReadonlyMap<string, SourceTensor>): HashedTensors {
  const pieces: { readonly name: string; readonly begin: number; readonly line: string }[] = [];
  const hashed = [...tensors].map(([name, tensor]): [string, SourceTensor] => [
    name,
    {
      ...tensor,
      read: async (begin, end) => {
        const bytes = await tensor.read(begin, end);
        pieces.push({ name, begin, line: `${name} ${begin} ${end} ${await sha256(bytes)}\n` });
        return bytes;
      },
    },
  ]);
  return {
    tensors: new Map(hashed),
    digest: () => {
      const sorted = pieces.toSorted((a, b) =>
        a.name === b.name ? a.begin - b.begin : a.name < b.name ? -1 : 1,
      );
      return sha256(new TextEncoder().encode(sorted.map(({ line }) => line).join('')));
    },
  };
}
