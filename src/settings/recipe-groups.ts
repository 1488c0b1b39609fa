import type { RecipeName } from './method-config.ts';
import { RECIPE_PRESETS, withRecipe } from './recipes.ts';
import type { RunConfig } from './run-config.ts';
import { diffConfigs, type ConfigDifference } from './config-diff.ts';
import { normalizeConfig } from './validation.ts';

interface RecipeGroup {
  readonly title: string;
  readonly recipes: readonly RecipeName[];
}

/** The recipes by what one would choose them for. */
export const RECIPE_GROUPS: readonly RecipeGroup[] = [
  { title: 'The paper’s method', recipes: ['copsd', 'copsd-hybrid'] },
  { title: 'What it repairs', recipes: ['opsd', 'opsd-moving', 'opsd-gold'] },
  { title: 'Baselines', recipes: ['opd', 'grpo', 'sft-refuse', 'sft-rich'] },
  { title: 'Probe', recipes: ['bottleneck'] },
];

export const recipeLabel = (recipe: RecipeName): string => RECIPE_PRESETS[recipe].label;

/** Every setting of a recipe that was changed since it was chosen: `before` is the recipe's value. */
export function recipeChanges(config: RunConfig): readonly ConfigDifference[] {
  return diffConfigs(withRecipe(config, config.recipe), normalizeConfig(config));
}
