import {
  SHIPPED_TEACHERS,
  CONTEXT_LABELS,
  TEACHERS,
  teacherChoice,
  withTeacher,
} from '../../settings/teachers.ts';
import { usesTeacher } from '../../settings/methods.ts';
import { TEACHER_FIELDS } from '../../settings/method-fields.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import { useConfig, useLab, useTeachers } from '../shared/lab-context.ts';
import { AddTeacher } from './add-teacher.tsx';
import { Choice } from './choice.tsx';
import { Numbers } from './group.tsx';

const KINDS = TEACHERS.map(({ kind, label }) => ({ value: kind, label }));
const CONTEXTS = (['constitution', 'constitution+gold'] as const).map(value => ({
  value,
  label: CONTEXT_LABELS[value],
}));

interface ModelChoiceProps {
  readonly label: string;
  readonly path: string;
  readonly why: string;
  readonly model: string;
  readonly disabled: boolean;
  put(config: RunConfig, model: string): RunConfig;
}

/** A model beside the student: one that ships with the page, or one that was brought here. */
export function OutsideModel({ label, path, why, model, disabled, put }: ModelChoiceProps) {
  const { config } = useLab();
  const added = useTeachers(state => state.added);
  const known = [
    ...SHIPPED_TEACHERS,
    ...added.map(name => ({ name, label: `${name.replace(/^own: /, '')}, added here` })),
  ];
  const unknown = known.some(({ name }) => name === model) ? [] : [{ name: model, label: model }];
  return (
    <Choice
      label={label}
      path={path}
      why={why}
      options={[...known, ...unknown].map(entry => ({ value: entry.name, label: entry.label }))}
      value={model}
      disabled={disabled}
      onChoose={chosen => config.edit(draft => put(draft, chosen))}
    />
  );
}

/** Who scores the student's tokens, and what belongs to that choice. */
export function TeacherChoice({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const teacher = useConfig(state => state.draft.teacher);
  const context = useConfig(state => state.draft.teacherContext);
  const used = useConfig(state => usesTeacher(state.draft));
  if (!used) return <p className="field-note">No teacher takes part under this objective.</p>;
  return (
    <>
      <Choice
        label="The teacher is"
        path="teacher"
        why={teacherChoice(teacher.kind).why}
        options={KINDS}
        value={teacher.kind}
        disabled={disabled}
        onChoose={kind => config.edit(draft => withTeacher(draft, kind))}
      />
      <Numbers fields={TEACHER_FIELDS} disabled={disabled} />
      {teacher.kind === 'external' && (
        <>
          <OutsideModel
            label="Model"
            path="teacher.model"
            why="Larger than the student, and trained on richer answers."
            model={teacher.model}
            disabled={disabled}
            put={(draft, model) => ({ ...draft, teacher: { kind: 'external', model } })}
          />
          <AddTeacher disabled={disabled} />
        </>
      )}
      <Choice
        label="It reads"
        path="teacherContext"
        why="Before each query. With the frontier’s answer in its context the teacher knows what to say."
        options={CONTEXTS}
        value={context}
        disabled={disabled}
        onChoose={teacherContext => config.edit(draft => ({ ...draft, teacherContext }))}
      />
    </>
  );
}
