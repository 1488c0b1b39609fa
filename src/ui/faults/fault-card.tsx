import type { ReactNode } from 'react';
import type { Fault } from '../../contract/errors.ts';
import { Icon } from '../shared/icon.tsx';
import './fault-card.css';

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

interface FaultCardProps {
  readonly fault: Fault;
  /** `notice` if nothing broke and the page only offers less. */
  readonly tone?: 'fault' | 'notice';
  readonly children?: ReactNode;
  /** Set if the card can be dismissed. */
  onDismiss?(): void;
}

/** A fault as text: what, where, what it means, what to do; below it the actions. */
export function FaultCard({ fault, tone = 'fault', children, onDismiss }: FaultCardProps) {
  const { code, message, file, place, consequence, nextStep } = fault;
  return (
    <div className={tone === 'notice' ? 'fault fault-notice' : 'fault'} role="alert">
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
        {(children || onDismiss) && (
          <div className="fault-actions">
            {children}
            {onDismiss && (
              <button type="button" className="button" onClick={onDismiss}>
                Dismiss
              </button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
