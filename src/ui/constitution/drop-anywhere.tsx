import { useCallback, useEffect, useState } from 'react';
import { useLab } from '../shared/lab-context.ts';
import './drop-anywhere.css';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes files that are dropped anywhere on the page. */
export function DropAnywhere() {
  const { files: opening } = useLab();
  const [over, setOver] = useState(false);

  useEffect(() => {
    const onDragOver = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      // Leaving the window has no element to go to; moving between elements has.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      void opening.open(files);
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('dragleave', onDragLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('dragleave', onDragLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, [opening]);

  // A popover lies above open dialogs, which nothing else does.
  const raise = useCallback((element: HTMLElement | null) => element?.showPopover(), []);
  if (!over) return null;
  return (
    <div ref={raise} className="drop" popover="manual" aria-hidden="true">
      <p>
        Drop a constitution or a run
        <small>.md, .txt, .json or .yaml; a run’s .json or its bundle .zip</small>
      </p>
    </div>
  );
}
