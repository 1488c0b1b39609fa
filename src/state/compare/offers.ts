import { recipeLabel } from '../../settings/recipes.ts';
import type { RecipeName } from '../../settings/recipes.ts';
import { groupKey, groupRuns, MAX_GROUPS, type ComparedRun, type RunGroup } from './groups.ts';
import { countOf } from '../../contract/format.ts';
import type { ResultEntry } from './results.ts';

/** A group of runs that can be chosen for comparison. */
export interface Offer {
  readonly id: string;
  readonly label: string;
  readonly source: 'here' | 'recorded';
  /** The runs in it, or how many. */
  readonly detail: string;
  readonly recipe: RecipeName;
  /** By `ComparedRun.id`. */
  readonly runIds: readonly string[];
}

const localOfferId = (run: ComparedRun): string => `here ${run.id}`;

/** Runs of the page and of opened files, by settings. An offer is named after its first run, so that it stays itself as others come. */
export function localOffers(runs: readonly ComparedRun[]): readonly (Offer & { readonly group: RunGroup })[] {
  return groupRuns(runs).map(group => {
    const members = runs.filter(run => groupKey(run.record) === group.key);
    return {
      id: localOfferId(members[0]!),
      label: group.label,
      source: 'here',
      detail: members.map(({ name }) => name).join(', '),
      recipe: group.config.recipe,
      runIds: members.map(({ id }) => id),
      group,
    };
  });
}

const recordedOfferId = (group: string): string => `recorded ${group}`;

/** Recorded results, by the groups that their list names. */
export function recordedOffers(entries: readonly ResultEntry[]): readonly Offer[] {
  const names = [...new Set(entries.map(({ group }) => group))];
  return names.map(group => {
    const members = entries.filter(entry => entry.group === group);
    const seeds = new Set(members.map(({ seed }) => seed)).size;
    return {
      id: recordedOfferId(group),
      label: group,
      source: 'recorded',
      detail: countOf(seeds, 'seed'),
      recipe: members[0]!.recipe,
      // A fetched run is known by its file.
      runIds: members.map(({ file }) => file),
    };
  });
}

/** A preset choice that answers a question. */
export interface Pick {
  readonly label: string;
  readonly ids: readonly string[];
}

/** In the order in which methods are compared. */
const METHODS: readonly RecipeName[] = ['copsd', 'opsd', 'sft-rich', 'opd', 'grpo'];

/** Comparisons that the recorded results hold: the methods beside each other, and COPSD with its ablations beside OPSD. */
export function recordedPicks(offers: readonly Offer[]): readonly Pick[] {
  const recorded = offers.filter(({ source }) => source === 'recorded');
  const first = (recipe: RecipeName): readonly string[] =>
    recorded
      .filter(offer => offer.recipe === recipe)
      .slice(0, 1)
      .map(({ id }) => id);
  const methods = METHODS.flatMap(first);
  const variants = recorded.filter(({ recipe }) => recipe === 'copsd').map(({ id }) => id);
  const ablation = [...variants.slice(0, MAX_GROUPS - 1), ...first('opsd')];
  const picks: Pick[] = [];
  if (methods.length > 1) picks.push({ label: 'The methods', ids: methods.slice(0, MAX_GROUPS) });
  if (variants.length > 1) picks.push({ label: `${recipeLabel('copsd')} and its ablations`, ids: ablation });
  return picks;
}

/** The choice with `id` toggled: nothing is added when it is full. */
export function toggled(chosen: readonly string[], id: string): readonly string[] {
  if (chosen.includes(id)) return chosen.filter(other => other !== id);
  return chosen.length < MAX_GROUPS ? [...chosen, id] : chosen;
}
