import { useEffect, useState } from 'react';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/**
 * Takes what is dropped anywhere on the page. Returns whether files are held over it.
 * @param first before all others, which then do not see it
 */
export function useDrop(onDrop: (dropped: DataTransfer | null) => void, first: boolean): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const take = (event: DragEvent): boolean => {
      if (!carriesFiles(event)) return false;
      event.preventDefault();
      if (first) event.stopImmediatePropagation();
      return true;
    };
    const onDragOver = (event: DragEvent): void => {
      if (take(event)) setOver(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      // Leaving the window has no element to go to; moving between elements has.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDropped = (event: DragEvent): void => {
      if (!take(event)) return;
      setOver(false);
      onDrop(event.dataTransfer);
    };
    window.addEventListener('dragover', onDragOver, first);
    window.addEventListener('dragleave', onDragLeave, first);
    window.addEventListener('drop', onDropped, first);
    return () => {
      window.removeEventListener('dragover', onDragOver, first);
      window.removeEventListener('dragleave', onDragLeave, first);
      window.removeEventListener('drop', onDropped, first);
    };
  }, [onDrop, first]);
  return over;
}
