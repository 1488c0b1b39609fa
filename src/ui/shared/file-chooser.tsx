import { useEffect, useRef } from 'react';

interface ChooserProps {
  readonly label: string;
  /** What the files are, for screen readers. */
  readonly files: string;
  readonly folder?: boolean;
  readonly multiple?: boolean;
  /** Endings that are offered. */
  readonly accept?: string;
  readonly disabled?: boolean;
  onChoose(files: readonly File[]): unknown;
}

/** A button to choose files, or a whole folder. */
export function FileChooser(props: ChooserProps) {
  const { label, files, folder = false, multiple = true, accept, disabled = false, onChoose } = props;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Whole folders are chosen by an attribute that is in no standard and in every browser.
    if (folder) input.current?.setAttribute('webkitdirectory', '');
  }, [folder]);
  return (
    <>
      <button type="button" className="button" disabled={disabled} onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple={multiple}
        hidden
        aria-label={files}
        {...(accept && !folder && { accept })}
        onChange={event => {
          const chosen = [...(event.target.files ?? [])];
          event.target.value = '';
          if (chosen.length > 0) onChoose(chosen);
        }}
      />
    </>
  );
}
