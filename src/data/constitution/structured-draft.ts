import { CATEGORIES, STYLES } from '../../contract/world.ts';
import {
  announcement,
  endsWithColon,
  isNeutral,
  underAnnouncements,
  type Announcement,
} from './announcement.ts';
import { refuseActiveContent } from './clause-text.ts';
import { namedRule, type Draft, type DraftClause, type NamedRule } from './draft.ts';
import { refuse } from './faults.ts';
import { refuseHiddenCharacters } from './hidden-characters.ts';

const FORMAT =
  'Use {"title": …, "clauses": [ … ]} where a clause is a text or {"text", "category", "style", "enabled", "id"}.';
const CLAUSE_KEYS = ['id', 'text', 'category', 'style', 'enabled'];
const MAX_ID_LENGTH = 64;

type Fields = Readonly<Record<string, unknown>>;

/** What the keys around a rule say of it. */
interface Around {
  readonly labels: readonly Announcement[];
  readonly named: NamedRule | null;
}
const NOTHING_AROUND: Around = { labels: [], named: null };

class StructuredReader {
  readonly #file: string;
  constructor(file: string) {
    this.#file = file;
  }

  fail(message: string, place: string): never {
    return refuse(this.#file, { code: 'FIELD', message, place, nextStep: FORMAT });
  }

  fields(value: unknown, place: string): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.fail('An object or a list is expected here', place);
    }
    return value as Fields;
  }

  text(value: unknown, place: string): string {
    if (typeof value !== 'string') this.fail(`A text is expected here, not ${describe(value)}`, place);
    refuseHiddenCharacters(this.#file, value, place);
    refuseActiveContent(this.#file, value, place);
    return value;
  }

  choice<T extends string>(value: unknown, names: readonly T[], place: string): T | null | undefined {
    if (value === undefined || value === null) return value;
    if (!(names as readonly unknown[]).includes(value)) {
      this.fail(`${describe(value)} is none of ${names.join(', ')}`, place);
    }
    return value as T;
  }

  onlyKeys(fields: Fields, allowed: readonly string[], place: string): void {
    const unknown = Object.keys(fields).find(key => !allowed.includes(key));
    if (unknown !== undefined)
      this.fail(`The key ${JSON.stringify(unknown.slice(0, 60))} is not known`, place);
  }

  /** A text that is a rule by itself. */
  rule(text: string, place: string): string {
    if (endsWithColon(text) && !isNeutral(text.replace(/[:：]\s*$/, '')))
      refuse(this.#file, {
        code: 'ANNOUNCEMENT',
        message: `${describe(text)} announces rules, and a list does not say which`,
        place,
        nextStep: 'Write each rule out, or make the line a key with a list of its rules.',
      });
    return text;
  }

  clause(value: unknown, place: string, { labels, named }: Around): DraftClause {
    const under = (text: string): string => underAnnouncements(labels, this.rule(text, place));
    if (typeof value === 'string') return { text: under(this.text(value, place)), place, ...named };
    const fields = this.fields(value, place);
    this.onlyKeys(fields, CLAUSE_KEYS, place);
    const { id, enabled } = fields;
    if (enabled !== undefined && typeof enabled !== 'boolean')
      this.fail('"enabled" must be true or false', place);
    if (id !== undefined && (typeof id !== 'string' || !/^[\w-]+$/.test(id) || id.length > MAX_ID_LENGTH)) {
      this.fail(`"id" must be 1–${MAX_ID_LENGTH} letters, digits, - or _`, place);
    }
    return {
      text: under(this.text(fields['text'], `${place}.text`)),
      place,
      id,
      enabled,
      category: this.choice(fields['category'], CATEGORIES, `${place}.category`),
      style: this.choice(fields['style'], STYLES, `${place}.style`),
      ...named,
    };
  }

  /** One clause, a list of them, or a map whose keys say what its rules are about or whether they forbid. */
  rules(value: unknown, place: string, around: Around = NOTHING_AROUND): DraftClause[] {
    if (Array.isArray(value))
      return value.flatMap((item, index) => {
        const keys = typeof item === 'object' && item !== null ? Object.keys(item as object) : [];
        const [key = ''] = keys;
        // More keys than one are fields of one thing, and may bear on one another.
        const alone = keys.length === 1 && !CLAUSE_KEYS.includes(key) && this.under(key, around) !== null;
        const at = `${place}[${index}]`;
        return alone ? this.map(item as Fields, at, around) : [this.clause(item, at, around)];
      });
    if (typeof value === 'object' && value !== null && !Object.hasOwn(value, 'text'))
      return this.map(value as Fields, place, around);
    return [this.clause(value, place, around)];
  }

  map(fields: Fields, place: string, around: Around): DraftClause[] {
    return Object.entries(fields).flatMap(([key, value]) => {
      const under = this.under(key, around);
      if (under === null) return this.fail(`The key ${JSON.stringify(key.slice(0, 60))} is not known`, place);
      return this.rules(value, place === 'document' ? key : `${place}.${key}`, under);
    });
  }

  /** What stands around the rules of a key; null for a key that says nothing known. */
  under(key: string, { labels, named }: Around): Around | null {
    const category = namedRule(key);
    if (category !== null) return { labels, named: category };
    const words = this.text(wordsOf(key), 'document');
    const said = announcement(words, 'heading');
    if (/^(?:dos?|do's)$/i.test(words)) return { labels, named };
    return said.bears || /exception|ausnahme/i.test(words) ? { labels: [...labels, said], named } : null;
  }
}

/** A key as words: “mustNot” and “must_not” are “Must not”. */
function wordsOf(key: string): string {
  const words = key
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .replace(/[\s_-]+/g, ' ')
    .replace(/[:：\s]+$/, '')
    .replace(/\bdonts?\b/gi, found => (/s$/i.test(found) ? "don'ts" : "don't"))
    .trim();
  return (
    words.charAt(0).toUpperCase() +
    words.slice(1).replace(/ (\p{Lu})(?=\p{Ll})/gu, found => found.toLowerCase())
  );
}

const describe = (value: unknown): string =>
  Array.isArray(value) ? 'a list' : value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);

/**
 * Reads parsed JSON or YAML: a list of clauses, `{title, clauses}`, or `{title, <category, style or announcement>: text or texts}`, where an
 * announcement is a key such as `never` or `things_to_avoid`. Other keys, wrong types, numbers and prototype keys are refused.
 */
export function structuredDraft(file: string, value: unknown): Draft {
  const reader = new StructuredReader(file);
  if (Array.isArray(value)) return { title: null, clauses: reader.rules(value, 'clauses'), notes: [] };
  const { title, clauses = [], ...others } = reader.fields(value, 'document');
  return {
    title: title === undefined ? null : reader.text(title, 'title'),
    clauses: [...reader.rules(clauses, 'clauses'), ...reader.map(others, 'document', NOTHING_AROUND)],
    notes: [],
  };
}
