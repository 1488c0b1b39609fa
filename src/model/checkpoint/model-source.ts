import type { ModelSource } from '../../contract/model-source.ts';
import { refuseFile, sized } from './fault.ts';

export type { ModelSource };

/**
 * Bytes [begin, end) of a file, neither fewer nor more. The caller owns them.
 * @throws LabError `E_MODEL_FILE_MISSING`, `E_MODEL_RANGE`, `E_MODEL_READ` when the source gives another number of bytes; what the
 * source throws.
 */
export async function readExactly(
  source: ModelSource,
  path: string,
  begin = 0,
  end = fileBytes(source, path),
): Promise<Uint8Array<ArrayBuffer>> {
  expectRange(source, path, begin, end);
  const bytes = await source.read(path, begin, end);
  if (bytes.byteLength !== end - begin)
    refuseFile(path, {
      code: 'E_MODEL_READ',
      message: `${bytes.byteLength} bytes were read where ${end - begin} were asked for`,
      place: `bytes ${begin}–${end}`,
      nextStep: 'Choose the folder again: the file may have been changed or moved meanwhile.',
    });
  return bytes;
}

/** A whole small file. @throws LabError `E_MODEL_FILE_SIZE`, and as `readExactly`. */
export async function readSmall(
  source: ModelSource,
  path: string,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = fileBytes(source, path);
  if (bytes > limit)
    refuseFile(path, {
      code: 'E_MODEL_FILE_SIZE',
      message: `the file has ${sized(bytes)}; at most ${sized(limit)} are read`,
      nextStep: 'Check that this is the file of that name from the model’s own page.',
    });
  return await readExactly(source, path);
}

/** Bytes of a file. @throws LabError `E_MODEL_FILE_MISSING`. */
export function fileBytes(source: ModelSource, path: string): number {
  return (
    source.files.get(path) ??
    refuseFile(path, {
      code: 'E_MODEL_FILE_MISSING',
      message: `${source.name} has no such file`,
      nextStep: 'Choose the whole model folder, or download the model again.',
    })
  );
}

/** @throws LabError `E_MODEL_FILE_MISSING`; `E_MODEL_RANGE` for bytes that the file does not have. */
export function expectRange(source: ModelSource, path: string, begin: number, end: number): void {
  const bytes = fileBytes(source, path);
  if (Number.isSafeInteger(begin) && Number.isSafeInteger(end) && begin >= 0 && begin <= end && end <= bytes)
    return;
  refuseFile(path, {
    code: 'E_MODEL_RANGE',
    message: `a part was asked for that the file of ${bytes} bytes does not have`,
    place: `bytes ${begin}–${end}`,
  });
}

/** Files in memory, for models that are already loaded and for tests. Reads return copies. */
export function memorySource(
  name: string,
  contents: ReadonlyMap<string, Uint8Array<ArrayBuffer> | string>,
): ModelSource {
  const files = new Map(
    [...contents].map(([path, content]) => [
      path,
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ]),
  );
  const source: ModelSource = {
    name,
    files: new Map([...files].map(([path, bytes]) => [path, bytes.byteLength])),
    read: async (path, begin = 0, end = fileBytes(source, path)) => {
      expectRange(source, path, begin, end);
      return files.get(path)!.slice(begin, end);
    },
  };
  return source;
}
