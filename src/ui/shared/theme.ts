import { create } from 'zustand';

export type Theme = 'system' | 'light' | 'dark';
export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

const KEY = 'copsd-theme';

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return THEMES.find(theme => theme === value) ?? 'system';
  } catch {
    // Storage may be forbidden; the system's theme needs none.
    return 'system';
  }
}

export const useTheme = create<{ readonly theme: Theme }>(() => ({ theme: stored() }));

/** Puts a theme on the page and keeps the choice for the next visit, where that is allowed. */
export function setTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  useTheme.setState({ theme });
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // As above: the choice lasts for this visit.
  }
}

/** Before the first paint, so that the page never flashes in the other theme. */
export function applyStoredTheme(): void {
  document.documentElement.dataset['theme'] = useTheme.getState().theme;
}
