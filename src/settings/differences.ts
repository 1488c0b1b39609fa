import { formatNumber } from '../contract/format.ts';
import { constitutionDifference } from './constitution-diff.ts';
import { optionOf } from './field.ts';
import { FIELDS, type Field } from './fields.ts';
import { normalizeConfig } from './problems.ts';
import { withRecipe } from './choices.ts';
import type { RunConfig } from './run-config.ts';

/** One setting that differs, in words. */
export interface ConfigDifference {
  readonly path: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Takes effect in a run that goes on. */
  readonly live: boolean;
}

/** How a setting stands, in a few words. */
export function settingText(field: Field, config: RunConfig): string {
  const { words } = field;
  const value = field.value(config);
  if (value === null) return words.none ?? 'none';
  if (words.text) return words.text(value);
  switch (field.kind) {
    case 'number':
      return formatNumber(field.get(config));
    case 'switch':
      return field.get(config) ? 'on' : 'off';
    case 'choice':
      return optionOf(words, field.get(config)).label;
    case 'list':
      return field.get(config).join(', ') || 'none';
    case 'text':
      return field.get(config);
    case 'part':
      return JSON.stringify(value);
  }
}

/** What has to differ for the setting to differ. */
function settingKey(field: Field, config: RunConfig): string {
  const { words, kind } = field;
  const value = field.value(config);
  if (value === null) return '';
  if (words.key) return words.key(value);
  return kind === 'part' ? settingText(field, config) : JSON.stringify(value);
}

/** Every setting in which `after` differs from `before`, in the order of the schema. */
export function diffConfigs(before: RunConfig, after: RunConfig): readonly ConfigDifference[] {
  return FIELDS.flatMap(field => {
    const { path, words, kind, told } = field;
    if (path === 'constitution') return constitutionDifference(before.constitution, after.constitution);
    const both = [before, after];
    const known = words.none === undefined ? both.every(field.applies) : both.every(field.exists);
    if (told || !known || (kind === 'part' && !words.text)) return [];
    if (settingKey(field, before) === settingKey(field, after)) return [];
    const [from, to] = [settingText(field, before), settingText(field, after)];
    return [{ path, label: words.label, before: from, after: to, live: words.live ?? false }];
  });
}

/** Every setting of a recipe that was changed since it was chosen: `before` is the recipe's value. */
export const recipeChanges = (config: RunConfig): readonly ConfigDifference[] =>
  diffConfigs(withRecipe(config, config.recipe), normalizeConfig(config));
