import { create } from 'zustand';
import { storedChoice } from './stored-choice.ts';

export type Theme = 'system' | 'light' | 'dark';
export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

const stored = storedChoice('copsd-theme', THEMES, 'system');

export const useTheme = create<{ readonly theme: Theme }>(() => ({ theme: stored.read() }));

/** Puts a theme on the page and keeps the choice. */
export function setTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  useTheme.setState({ theme });
  stored.write(theme);
}

/** Before the first paint, so that the page never flashes in the other theme. */
export function applyStoredTheme(): void {
  document.documentElement.dataset['theme'] = useTheme.getState().theme;
}
