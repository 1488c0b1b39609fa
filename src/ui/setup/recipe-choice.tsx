import { useContext, useId } from 'react';
import { withRecipe } from '../../settings/choices.ts';
import { RECIPE_GROUPS, recipeLabel } from '../../settings/recipes.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';
import { lessonTarget } from '../shared/lesson-target.ts';
import { ChangedSettings } from './changed-settings.ts';
import type { SettingProps } from './setting.tsx';

/** What was changed since the recipe was chosen, and the way back. */
function RecipeChanges({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const recipe = useConfig(state => state.draft.recipe);
  const changes = useContext(ChangedSettings);
  if (changes.length === 0) return null;
  const label = recipeLabel(recipe);
  return (
    <div className="recipe-changes">
      <details>
        <summary>
          {changes.length === 1 ? 'One setting' : `${changes.length} settings`} changed from {label}
        </summary>
        <ul>
          {changes.map(({ path, label: name, before, after }) => (
            <li key={path}>
              {name}: <del>{before}</del> → <ins>{after}</ins>
            </li>
          ))}
        </ul>
      </details>
      <button
        type="button"
        className="button button-quiet"
        disabled={disabled}
        onClick={() => config.edit(draft => withRecipe(draft, recipe))}
      >
        Reset to {label}
      </button>
    </div>
  );
}

/** The paper's method, what it repairs and what it is compared with: each choice sets everything below. */
export function RecipeChoice({ field, disabled }: SettingProps) {
  const { config } = useLab();
  const about = useId();
  const recipe = useConfig(state => state.draft.recipe);
  return (
    <>
      <p className="field-note">{field.words.why}</p>
      <fieldset className="methods" disabled={disabled}>
        <legend className="visually-hidden">Recipe</legend>
        {RECIPE_GROUPS.map(({ title, recipes }) => (
          <div key={title} className="recipe-group" role="group" aria-label={title}>
            <p className="recipe-title" aria-hidden="true">
              {title}
            </p>
            {recipes.map(({ name, label, why }) => (
              <div key={name} className="method">
                <label>
                  <input
                    type="radio"
                    name="recipe"
                    {...lessonTarget('recipe')}
                    checked={recipe === name}
                    aria-describedby={recipe === name ? about : undefined}
                    onChange={() => config.edit(draft => withRecipe(draft, name))}
                  />
                  {label}
                </label>
                {recipe === name && (
                  <p id={about} className="method-why">
                    {why}
                  </p>
                )}
              </div>
            ))}
          </div>
        ))}
      </fieldset>
      <RecipeChanges disabled={disabled} />
    </>
  );
}
