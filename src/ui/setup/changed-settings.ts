import { createContext, useContext } from 'react';
import type { ConfigDifference } from '../../settings/differences.ts';

/** What was changed since the recipe was chosen; `before` is the recipe's value. */
export const ChangedSettings = createContext<readonly ConfigDifference[]>([]);

/** Whether any setting at one of `paths`, or below it, was changed. */
export function useChanged(paths: readonly string[]): boolean {
  return useContext(ChangedSettings).some(({ path }) => isBelow(path, paths));
}

/** The recipe's value of a setting that was changed; undefined where it was not. */
export function useRecipeValue(path: string): string | undefined {
  return useContext(ChangedSettings).find(changed => changed.path === path)?.before;
}

export function isBelow(path: string, paths: readonly string[]): boolean {
  return paths.some(above => path === above || path.startsWith(`${above}.`));
}
