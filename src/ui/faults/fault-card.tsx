import type { ReactNode } from 'react';
import type { Fault } from '../../contract/errors.ts';
import { Icon } from '../shared/icon.tsx';
import './fault-card.css';

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A fault as text: what, where, what it means, what to do; below it the ways on. */
export function FaultCard({ fault, children }: { readonly fault: Fault; readonly children?: ReactNode }) {
  const { code, message, file, place, consequence, nextStep } = fault;
  return (
    <div className="fault" role="alert">
      <Icon name="warning" />
      <div className="fault-text">
        <p className="fault-what">
          {file && <span className="fault-file">{file}: </span>}
          {sentence(message)}
          {place && <span className="fault-place"> ({place})</span>}{' '}
          <code className="fault-code">{code}</code>
        </p>
        <p>
          {consequence} {nextStep}
        </p>
        {children && <div className="fault-actions">{children}</div>}
      </div>
    </div>
  );
}
