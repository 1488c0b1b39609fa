import { useCallback } from 'react';
import type { PathedFile } from '../../protocol/model-api.ts';
import { droppedFiles } from './dropped-files.ts';
import { useDrop } from './use-drop.ts';

/**
 * Takes all files and folders that are dropped while it is used; elsewhere the page takes them itself. Returns whether files are held over
 * the page.
 */
export function useDropFiles(onFiles: (files: readonly PathedFile[]) => unknown): boolean {
  const onDrop = useCallback(
    (dropped: DataTransfer | null) => {
      void droppedFiles(dropped).then(files => files.length > 0 && onFiles(files));
    },
    [onFiles],
  );
  return useDrop(onDrop, true);
}
