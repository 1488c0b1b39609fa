import { useLab, useTeachers } from '../shared/lab-context.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { FileChooser } from '../shared/file-chooser.tsx';

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
        <FileChooser
          label="Choose folder"
          files="Teacher’s folder"
          folder
          disabled={disabled || adding}
          onChoose={teachers.add}
        />
        <FileChooser
          label="Choose files"
          files="Teacher’s files"
          accept=".json,.onnx"
          disabled={disabled || adding}
          onChoose={teachers.add}
        />
        {adding && <span role="status">Reading and checking the model</span>}
      </div>
      {fault && <FaultCard fault={fault} onDismiss={teachers.dismiss} />}
    </div>
  );
}
