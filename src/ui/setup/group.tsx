import { useId, type ReactNode } from 'react';
import type { NumberField } from '../../settings/number-field.ts';
import { useConfig } from '../shared/lab-context.ts';
import { isBelow, useChanged } from './changed-settings.ts';
import { NumberInput } from './number-input.tsx';

interface GroupProps {
  readonly title: string;
  /** Where its settings live: what marks it as changed from the recipe, or as wrong. */
  readonly paths?: readonly string[];
  readonly children: ReactNode;
}

const NO_PATHS: readonly string[] = [];

function Marks({ paths }: { readonly paths: readonly string[] }) {
  const changed = useChanged(paths);
  const wrong = useConfig(state => state.problems.some(({ path }) => isBelow(path, paths)));
  if (wrong) return <span className="group-mark group-mark-wrong">needs a look</span>;
  return changed ? <span className="group-mark">changed</span> : null;
}

/** Settings that are always in sight. */
export function Group({ title, paths = NO_PATHS, children }: GroupProps) {
  const id = useId();
  return (
    <section className="group" aria-labelledby={id}>
      <h3 id={id}>
        {title} <Marks paths={paths} />
      </h3>
      {children}
    </section>
  );
}

/** Settings that open on demand; folded, the heading says how they stand. */
export function Folded({ title, now, paths = NO_PATHS, children }: GroupProps & { readonly now: string }) {
  return (
    <details className="group group-folded">
      <summary>
        <span className="group-title">{title}</span> <span className="group-now">{now}</span>{' '}
        <Marks paths={paths} />
      </summary>
      {children}
    </details>
  );
}

interface NumbersProps {
  readonly fields: readonly NumberField[];
  readonly disabled: boolean;
}

/** Those of the numbers that the settings have. */
export function Numbers({ fields, disabled }: NumbersProps) {
  const draft = useConfig(state => state.draft);
  return fields
    .filter(field => field.applies?.(draft) ?? true)
    .map(field => <NumberInput key={field.path} field={field} disabled={disabled} />);
}
