import { useState } from 'react';
import './kept.css';

interface ConfirmButtonProps {
  readonly label: string;
  /** What it acts on, for screen readers. */
  readonly about: string;
  readonly disabled: boolean;
  onConfirm(): void;
}

/** Asks for confirmation before something that cannot be undone; leaving the button cancels. */
export function ConfirmButton({ label, about, disabled, onConfirm }: ConfirmButtonProps) {
  const [asked, setAsked] = useState(false);
  return (
    <button
      type="button"
      className={asked ? 'button kept-sure' : 'button'}
      disabled={disabled}
      aria-label={asked ? `Really ${label.toLowerCase()}: ${about}` : `${label}: ${about}`}
      onBlur={() => setAsked(false)}
      onClick={() => {
        setAsked(!asked);
        if (asked) onConfirm();
      }}
    >
      {asked ? 'Really?' : label}
    </button>
  );
}
