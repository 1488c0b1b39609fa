import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ModelSource } from '../src/contract/model-source.ts';
import { expectRange, fileBytes } from '../src/model/checkpoint/model-source.ts';

/**
 * A model folder of this machine, for tools. Its own files alone, as they are when it is opened: what lies in folders below is no part of it.
 * @throws when the folder cannot be read; `read` throws LabError `E_MODEL_FILE_MISSING` and `E_MODEL_RANGE`.
 */
export async function openFolder(folder: string): Promise<ModelSource> {
  const root = resolve(folder);
  const entries = await Promise.all(
    (await readdir(root)).map(async name => ({ name, about: await stat(join(root, name)) })),
  );
  const files = new Map(
    entries.flatMap(({ name, about }) => (about.isFile() ? [[name, about.size] as const] : [])),
  );
  const source: ModelSource = {
    name: basename(root),
    files,
    async read(path, begin = 0, end = fileBytes(source, path)) {
      expectRange(source, path, begin, end);
      const bytes = new Uint8Array(end - begin);
      const file = await open(join(root, path));
      try {
        let filled = 0;
        while (filled < bytes.byteLength) {
          const { bytesRead } = await file.read(bytes, filled, bytes.byteLength - filled, begin + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        // A file that shrank gives what it has; whoever reads compares the length.
        return bytes.subarray(0, filled);
      } finally {
        await file.close();
      }
    },
  };
  return source;
}
