import { useCallback } from 'react';
import { useLab } from '../shared/lab-context.ts';
import { useDrop } from '../shared/use-drop.ts';
import './drop-anywhere.css';

/** Accepts files dropped anywhere on the page. */
export function DropAnywhere() {
  const { files: opening } = useLab();
  const onDrop = useCallback(
    (dropped: DataTransfer | null) => {
      const files = [...(dropped?.files ?? [])];
      if (files.length > 0) void opening.open(files);
    },
    [opening],
  );
  const over = useDrop(onDrop, false);

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
