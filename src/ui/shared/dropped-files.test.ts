import { expect, test } from 'vitest';
import { droppedFiles, MOST_DROPPED } from './dropped-files.ts';

const leaf = (fullPath: string): FileSystemEntry =>
  ({
    isDirectory: false,
    fullPath,
    file: (done: (file: File) => void) => done(new File([fullPath], fullPath.split('/').at(-1)!)),
  }) as unknown as FileSystemEntry;

/** A folder whose reader gives two entries at a time, as browsers give a hundred. */
const folder = (children: readonly FileSystemEntry[]): FileSystemEntry => {
  const left = [...children];
  return {
    isDirectory: true,
    createReader: () => ({
      readEntries: (done: (some: FileSystemEntry[]) => void) => done(left.splice(0, 2)),
    }),
  } as unknown as FileSystemEntry;
};

const dropped = (entries: readonly (FileSystemEntry | File)[]): DataTransfer =>
  ({
    items: entries.map(entry => ({
      kind: 'file',
      webkitGetAsEntry: () => (entry instanceof File ? null : entry),
      getAsFile: () => (entry instanceof File ? entry : null),
    })),
  }) as unknown as DataTransfer;

test('folders are walked through to their last file, under paths that begin with their names', async () => {
  const inner = folder([leaf('/tiny/onnx/a'), leaf('/tiny/onnx/b'), leaf('/tiny/onnx/c')]);
  const found = await droppedFiles(
    dropped([folder([leaf('/tiny/config.json'), inner]), new File([''], 'x.md')]),
  );
  expect(found.map(({ path }) => path).sort()).toEqual([
    'tiny/config.json',
    'tiny/onnx/a',
    'tiny/onnx/b',
    'tiny/onnx/c',
    'x.md',
  ]);
  expect(await found.find(({ path }) => path === 'tiny/onnx/c')!.file.text()).toBe('/tiny/onnx/c');
});

test('a folder without end is left at the bound', async () => {
  const many = Array.from({ length: 3 * MOST_DROPPED }, (_, i) => leaf(`/home/${i}`));
  expect(await droppedFiles(dropped([folder(many)]))).toHaveLength(MOST_DROPPED);
  expect(await droppedFiles(null)).toEqual([]);
});
