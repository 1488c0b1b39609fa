import { CATEGORIES, STYLES, type Category, type Style } from '../../contract/world.ts';

/** A clause as a file states it; what it leaves out is filled in by the importer. */
export interface DraftClause {
  readonly text: string;
  readonly place: string;
  readonly id?: string | undefined;
  /** Stated by the file; undefined: to be routed by its words. */
  readonly category?: Category | null | undefined;
  readonly style?: Style | null | undefined;
  readonly enabled?: boolean | undefined;
}

/** A constitution as a file states it. */
export interface Draft {
  readonly title: string | null;
  readonly clauses: readonly DraftClause[];
  readonly notes: readonly string[];
}

/** What a heading or key names: a category or a style, in the lab's spelling or in ordinary words. */
export interface NamedRule {
  readonly category: Category | null;
  readonly style: Style | null;
}

const SPELLINGS: Readonly<Record<string, Category | Style>> = {
  'self harm': 'selfharm',
  'illegal acts': 'illegal',
  crime: 'illegal',
  'any harm': 'default',
  general: 'default',
  brevity: 'short',
  helpfulness: 'help',
  reasons: 'reason',
  kindness: 'kind',
};

const isCategory = (name: string): name is Category => (CATEGORIES as readonly string[]).includes(name);
const isStyle = (name: string): name is Style => (STYLES as readonly string[]).includes(name);

/** Reads a heading or key such as "Self-harm" or "privacy:"; null where it names nothing known. */
export function namedRule(heading: string): NamedRule | null {
  const words = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/^(?: ?\d+)+ (?=\p{L})/u, '')
    .trim();
  const name = Object.hasOwn(SPELLINGS, words) ? (SPELLINGS[words] as string) : words;
  if (isCategory(name)) return { category: name, style: null };
  return isStyle(name) ? { category: null, style: name } : null;
}
