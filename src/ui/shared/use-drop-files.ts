import { useEffect, useState } from 'react';
import type { PathedFile } from '../../contract/model-api.ts';
import { droppedFiles } from './dropped-files.ts';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/**
 * Takes all files and folders that are dropped while it is used; elsewhere the page takes them itself. Returns whether files are held over
 * the page.
 */
export function useDropFiles(onFiles: (files: readonly PathedFile[]) => unknown): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Before the page's own listeners, which are on the document.
    const take = (event: DragEvent): boolean => {
      if (!carriesFiles(event)) return false;
      event.preventDefault();
      event.stopImmediatePropagation();
      return true;
    };
    const onDragOver = (event: DragEvent): void => {
      if (take(event)) setOver(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      // Leaving the window has no element to go to; moving between elements has.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!take(event)) return;
      setOver(false);
      void droppedFiles(event.dataTransfer).then(files => files.length > 0 && onFiles(files));
    };
    window.addEventListener('dragover', onDragOver, true);
    window.addEventListener('dragleave', onDragLeave, true);
    window.addEventListener('drop', onDrop, true);
    return () => {
      window.removeEventListener('dragover', onDragOver, true);
      window.removeEventListener('dragleave', onDragLeave, true);
      window.removeEventListener('drop', onDrop, true);
    };
  }, [onFiles]);
  return over;
}
