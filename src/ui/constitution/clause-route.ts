import type { Category, Clause, Style } from '../../contract/world.ts';

/** Categories and styles in people's words. */
export const CATEGORY_LABELS: Record<Category, string> = {
  violence: 'violence',
  illegal: 'crime',
  hate: 'hate',
  privacy: 'privacy',
  selfharm: 'self-harm',
  default: 'any harm',
};
export const STYLE_LABELS: Record<Style, string> = {
  short: 'be brief',
  help: 'help with the harmless',
  reason: 'give reasons',
  kind: 'be kind',
};

/** What the router made of a clause, in words. */
export function clauseRoute({ category, style }: Pick<Clause, 'category' | 'style'>): string {
  const parts = [category && CATEGORY_LABELS[category], style && STYLE_LABELS[style]].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'unrouted';
}
