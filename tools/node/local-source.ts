import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { LabError } from '../../src/contract/errors.ts';
import type { ModelSource } from '../../src/contract/model-source.ts';
import { pickModelFiles } from '../../src/model/checkpoint/folder-files.ts';
import { expectRange, fileBytes } from '../../src/model/checkpoint/model-source.ts';

/**
 * A model folder on this machine's disk. Follows links, since hub caches consist of them. Reads from the disk each time.
 * @throws LabError `E_FOLDER_CONFIG`, `E_FOLDER_FILES`; `E_MODEL_READ` when folder or file cannot be read.
 */
export async function localSource(folder: string, name = basename(resolve(folder))): Promise<ModelSource> {
  const names = await guarded(folder, () => readdir(folder));
  const sizes = new Map<string, number>();
  for (const file of pickModelFiles(name, names).keys())
    sizes.set(file, (await guarded(file, () => stat(join(folder, file)))).size);
  const source: ModelSource = {
    name,
    files: sizes,
    read: async (file, begin = 0, end = fileBytes(source, file)) => {
      expectRange(source, file, begin, end);
      return await guarded(file, () => readRange(join(folder, file), begin, end));
    },
  };
  return source;
}

/** Bytes [begin, end) of a file, or fewer if it has become shorter. */
async function readRange(path: string, begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - begin);
  const file = await open(path);
  try {
    let done = 0;
    while (done < bytes.byteLength) {
      // One call reads at most 2 GiB, and may read less.
      const { bytesRead } = await file.read(bytes, done, bytes.byteLength - done, begin + done);
      if (bytesRead === 0) return bytes.slice(0, done);
      done += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

async function guarded<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new LabError(
      {
        code: 'E_MODEL_READ',
        message: error instanceof Error ? error.message : String(error),
        file,
        consequence: 'The model was not opened.',
        nextStep: 'Check that the folder is there and may be read.',
      },
      error,
    );
  }
}
