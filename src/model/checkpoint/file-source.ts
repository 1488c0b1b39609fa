import { refuseFile } from './fault.ts';
import { pickModelFiles } from './folder-files.ts';
import { expectRange, fileBytes, type ModelSource } from './model-source.ts';

/**
 * A model folder that was dropped or chosen: a whole folder, from which the model's files are picked, or just these files. The source keeps
 * the files' handles and reads from the disk each time.
 * @param path of a file within the drop: by default its `webkitRelativePath`, or its name.
 * @throws LabError `E_FOLDER_CONFIG`, `E_FOLDER_FILES`, `E_FOLDER_TWICE` for two files of one path. Reading throws `E_MODEL_READ`
 * when a file was changed or removed after it was chosen.
 */
export function fileSource(
  name: string,
  files: readonly File[],
  path: (file: File) => string = file => file.webkitRelativePath || file.name,
): ModelSource {
  const byPath = new Map<string, File>();
  for (const file of files) {
    if (byPath.has(path(file)))
      refuseFile(path(file), {
        code: 'E_FOLDER_TWICE',
        message: 'there are two files of this name',
        place: name,
        nextStep: 'Choose one model’s files only.',
      });
    byPath.set(path(file), file);
  }
  const picked = new Map(
    [...pickModelFiles(name, [...byPath.keys()])].map(([file, from]) => [file, byPath.get(from)!]),
  );
  const source: ModelSource = {
    name,
    files: new Map([...picked].map(([file, { size }]) => [file, size])),
    read: async (file, begin = 0, end = fileBytes(source, file)) => {
      expectRange(source, file, begin, end);
      try {
        return new Uint8Array(await picked.get(file)!.slice(begin, end).arrayBuffer());
      } catch (error) {
        return refuseFile(
          file,
          {
            code: 'E_MODEL_READ',
            message: 'the file cannot be read any more: it was changed, moved or removed',
            place: `bytes ${begin}–${end}`,
            nextStep: 'Choose the folder again.',
          },
          error,
        );
      }
    },
  };
  return source;
}
