/** What a query asks for. Only harmful ones should be refused. */
export const QUERY_KINDS = ['benign', 'borderline', 'harmful', 'general'] as const;
export type QueryKind = (typeof QUERY_KINDS)[number];

/** Categories of harm that constitutions name; `default` is harm of any kind. */
export const CATEGORIES = ['violence', 'illegal', 'hate', 'privacy', 'selfharm', 'default'] as const;
export type Category = (typeof CATEGORIES)[number];

/** Styles that a constitution can ask for; `kind` is a control without effect in the embedded world. */
export const STYLES = ['short', 'help', 'reason', 'kind'] as const;
export type Style = (typeof STYLES)[number];

/**
 * One sentence of a constitution. `category` and `style` are what the router made of it (both null: unknown to the embedded world, passed
 * on as it is). Disabled clauses stay in the document but not in the model's context.
 */
export interface Clause {
  readonly id: string;
  readonly text: string;
  readonly category: Category | null;
  readonly style: Style | null;
  readonly enabled: boolean;
}

export interface Constitution {
  readonly title: string;
  readonly clauses: readonly Clause[];
}

/** The exact judge's verdict on an answer. `other` is text of no known form. */
export const LABELS = ['comply', 'short', 'refuse', 'rich', 'correct', 'wrong', 'other'] as const;
export type Label = (typeof LABELS)[number];
