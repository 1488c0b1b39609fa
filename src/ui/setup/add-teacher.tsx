import { useEffect, useRef } from 'react';
import { useLab, useTeachers } from '../shared/lab-context.ts';
import { FaultCard } from '../faults/fault-card.tsx';

interface ChooserProps {
  readonly label: string;
  /** What the files are, for those who hear the page. */
  readonly files: string;
  readonly folder: boolean;
  readonly disabled: boolean;
}

function Chooser({ label, files, folder, disabled }: ChooserProps) {
  const { teachers } = useLab();
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
        multiple
        hidden
        aria-label={files}
        {...(!folder && { accept: '.json,.onnx' })}
        onChange={event => {
          const chosen = [...(event.target.files ?? [])];
          event.target.value = '';
          if (chosen.length > 0) void teachers.add(chosen);
        }}
      />
    </>
  );
}

/** The way in for a model of one's own as a teacher: its folder, or its files. */
export function AddTeacher({ disabled }: { readonly disabled: boolean }) {
  const { teachers } = useLab();
  const adding = useTeachers(state => state.adding);
  const fault = useTeachers(state => state.fault);
  return (
    <div className="add-teacher">
      <p className="field-note">
        A model of your own: config.json, tokenizer.json and one .onnx file, with the student’s tokenizer. It
        stays on this computer.
      </p>
      <div className="add-teacher-ways">
        <Chooser label="Choose folder" files="Teacher’s folder" folder disabled={disabled || adding} />
        <Chooser label="Choose files" files="Teacher’s files" folder={false} disabled={disabled || adding} />
        {adding && <span role="status">Reading and checking the model</span>}
      </div>
      {fault && (
        <FaultCard fault={fault}>
          <button type="button" className="button" onClick={teachers.dismiss}>
            Dismiss
          </button>
        </FaultCard>
      )}
    </div>
  );
}
