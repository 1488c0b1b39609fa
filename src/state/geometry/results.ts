import type { Fault } from '../../contract/errors.ts';
import type { RecipeName } from '../../settings/recipes.ts';
import { loadResult, loadResultIndex } from '../compare/results.ts';
import { showRecorded } from '../run/opened-run.ts';
import type { RunStore } from '../run/run-store.ts';

/**
 * Fetches the first recorded result of a recipe and shows it among the page's runs; the settings of the next run stay.
 * @param folder URL of the recorded results, with a slash at its end
 * @returns what went wrong, or null
 */
export async function showResult(
  runs: RunStore,
  recipe: RecipeName,
  folder: string,
  get: typeof fetch = fetch,
): Promise<Fault | null> {
  const { shownId } = runs.store.getState();
  const index = await loadResultIndex(folder, get);
  if (!index.ok) return index.fault;
  const entry = index.value.find(result => result.recipe === recipe);
  if (!entry)
    return {
      code: 'E_RESULTS_MISSING',
      message: `no recorded run of the recipe “${recipe}” ships with this page`,
      consequence: 'The run that was shown stays.',
      nextStep: 'Choose the recipe in Setup and press Run.',
    };
  const result = await loadResult(folder, entry, get);
  if (!result.ok) return result.fault;
  // If the user has switched to another run meanwhile, that one stays.
  if (runs.store.getState().shownId === shownId) showRecorded(runs, entry, result.value);
  return null;
}
