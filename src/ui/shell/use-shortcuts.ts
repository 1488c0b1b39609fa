import { useEffect } from 'react';
import type { Lab } from '../../state/lab.ts';
import { useLetterKeys } from '../shared/letter-keys.ts';

/** Where Space presses the element itself, and where arrows move something in it. */
const PRESSED = 'button, summary, a[href]';
const STEERED = '[role="slider"], [role="menu"], [role="region"][tabindex]';

/** Space, →, R, C, L and ? wherever no element wants them for itself. */
export function useShortcuts({ controls, page, lesson }: Pick<Lab, 'controls' | 'page' | 'lesson'>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      const target = event.target instanceof Element ? event.target : document.body;
      const typing = target.closest('input, textarea, select, dialog') !== null;
      if (typing || document.querySelector('dialog[open], [aria-modal="true"]')) return;
      const steered = target.closest(STEERED) !== null;
      const pressed = target.closest(PRESSED) !== null;
      // Controls that are hidden must not be triggered by keys either.
      const bare = lesson.store.getState().controlsHidden;
      const actions: Record<string, () => void> = {
        ...(useLetterKeys.getState().on && {
          ...(!bare && { r: controls.reset }),
          l: lesson.toggle,
          c: () => page.open('constitution'),
          '?': () => page.open('help'),
        }),
        ...(!bare && !steered && !pressed && { ' ': controls.runOrPause }),
        ...(!bare && !steered && { ArrowRight: controls.step }),
      };
      const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [controls, page, lesson]);
}
