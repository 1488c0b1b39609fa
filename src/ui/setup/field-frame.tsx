import type { ReactNode } from 'react';

interface FieldFrameProps {
  readonly id: string;
  readonly label: string;
  readonly unit?: string;
  readonly why: string;
  readonly range?: string;
  /** Takes effect in a run that goes on. */
  readonly live?: boolean;
  readonly problem?: string | undefined;
  /** What the recipe has, where that was changed. */
  readonly recipeValue?: string | undefined;
  /** The control takes a line of its own. */
  readonly stacked?: boolean;
  readonly children: ReactNode;
}

/** “must be at least 1” wants the setting's name before it; other problems are sentences. */
function sentence(label: string, problem: string): string {
  if (/^(must|choose|give) /.test(problem)) return `${label} ${problem}`;
  return problem.charAt(0).toUpperCase() + problem.slice(1);
}

/** A setting: name and unit, its control, and below it why one would change it, or what is wrong with it. */
export function FieldFrame(props: FieldFrameProps) {
  const { id, label, unit, why, range, live, problem, recipeValue, stacked, children } = props;
  const changed = recipeValue !== undefined;
  return (
    <div className={changed ? 'field field-changed' : 'field'}>
      <div className={stacked ? 'field-line field-stacked' : 'field-line'}>
        <label htmlFor={id}>
          {label} {unit && <span className="field-unit">{unit}</span>}
          {live && <span className="field-live">live</span>}
        </label>
        {children}
      </div>
      <p id={`${id}-note`} className={problem ? 'field-note field-problem' : 'field-note'}>
        {problem ? `${sentence(label, problem)}.${range ? ` Range: ${range}.` : ''}` : why}
        {!problem && range && <span className="visually-hidden"> Range: {range}.</span>}
        {changed && <span className="field-recipe"> The recipe has {recipeValue}.</span>}
      </p>
    </div>
  );
}
