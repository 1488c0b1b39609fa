import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import './dialog.css';
import { Icon } from './icon.tsx';

interface DialogProps {
  readonly title: string;
  readonly wide?: boolean;
  onClose(): void;
  readonly children: ReactNode;
}

/** The browser's modal dialog: it traps the focus, closes on Escape and returns the focus. */
export function Dialog({ title, wide = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // A layout effect: its clean-up closes the dialog while it is still in the page, or the focus would be lost.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The frame fills the dialog: a press on the dialog itself is one on its backdrop.
    const onPress = (event: MouseEvent): void => {
      if (event.target === element) onClose();
    };
    element?.addEventListener('click', onPress);
    return () => {
      element?.removeEventListener('click', onPress);
      element?.close();
    };
  }, [onClose]);
  return (
    <dialog
      ref={dialog}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="dialog-frame">
        <header className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" className="button button-icon" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div className="dialog-body">{children}</div>
      </div>
    </dialog>
  );
}
