import { useEffect } from 'react';
import type { RunController } from '../../state/run-controller.ts';

/** Where keys belong to the element itself: typing, choosing, pressing. */
const TAKES_KEYS =
  'input, textarea, select, button, summary, a[href], [role="slider"], [role="menu"], dialog';

interface ShortcutActions {
  readonly controls: RunController;
  onConstitution(): void;
  onHelp(): void;
}

/** Space, →, R, C and ? wherever no element wants them for itself. */
export function useShortcuts({ controls, onConstitution, onHelp }: ShortcutActions): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      const target = event.target instanceof Element ? event.target : document.body;
      const typing = target.closest('input, textarea, select, dialog') !== null;
      if (typing || document.querySelector('dialog[open]')) return;
      const own = target.closest(TAKES_KEYS) !== null;
      const actions: Record<string, () => void> = {
        r: controls.reset,
        c: onConstitution,
        '?': onHelp,
        ...(!own && { ' ': controls.runOrPause, ArrowRight: controls.step }),
      };
      const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [controls, onConstitution, onHelp]);
}
