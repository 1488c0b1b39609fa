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
  readonly children: ReactNode;
}

/** A setting: name and unit, its control, and below it why one would change it, or what is wrong with it. */
export function FieldFrame({ id, label, unit, why, range, live, problem, children }: FieldFrameProps) {
  return (
    <div className="field">
      <div className="field-line">
        <label htmlFor={id}>
          {label} {unit && <span className="field-unit">{unit}</span>}
          {live && <span className="field-live">live</span>}
        </label>
        {children}
      </div>
      <p id={`${id}-note`} className={problem ? 'field-note field-problem' : 'field-note'}>
        {problem ? `${label} ${problem}. Range: ${range ?? ''}.` : why}
        {!problem && range && <span className="visually-hidden"> Range: {range}.</span>}
      </p>
    </div>
  );
}
