import { CATEGORIES, STYLES } from '../../contract/world.ts';
import { refuseActiveContent } from './clause-text.ts';
import { namedRule, type Draft, type DraftClause } from './draft.ts';
import { refuse } from './faults.ts';
import { refuseHiddenCharacters } from './hidden-characters.ts';

const FORMAT =
  'Use {"title": …, "clauses": [ … ]} where a clause is a text or {"text", "category", "style", "enabled", "id"}.';
const CLAUSE_KEYS = ['id', 'text', 'category', 'style', 'enabled'];
const MAX_ID_LENGTH = 64;

type Fields = Readonly<Record<string, unknown>>;

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

  clause(value: unknown, place: string): DraftClause {
    if (typeof value === 'string') return { text: this.text(value, place), place };
    const fields = this.fields(value, place);
    this.onlyKeys(fields, CLAUSE_KEYS, place);
    const { id, enabled } = fields;
    if (enabled !== undefined && typeof enabled !== 'boolean')
      this.fail('"enabled" must be true or false', place);
    if (id !== undefined && (typeof id !== 'string' || !/^[\w-]+$/.test(id) || id.length > MAX_ID_LENGTH)) {
      this.fail(`"id" must be 1–${MAX_ID_LENGTH} letters, digits, - or _`, place);
    }
    return {
      text: this.text(fields['text'], `${place}.text`),
      place,
      id,
      enabled,
      category: this.choice(fields['category'], CATEGORIES, `${place}.category`),
      style: this.choice(fields['style'], STYLES, `${place}.style`),
    };
  }

  list(value: unknown, place: string): DraftClause[] {
    if (!Array.isArray(value)) return [this.clause(value, place)];
    return value.map((item, index) => this.clause(item, `${place}[${index}]`));
  }
}

const describe = (value: unknown): string =>
  Array.isArray(value) ? 'a list' : value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);

/**
 * Reads parsed JSON or YAML: a list of clauses, `{title, clauses}`, or `{title, <category or style>: text or texts}`. Unknown keys,
 * wrong types, numbers and prototype keys are refused.
 */
export function structuredDraft(file: string, value: unknown): Draft {
  const reader = new StructuredReader(file);
  if (Array.isArray(value)) return { title: null, clauses: reader.list(value, 'clauses'), notes: [] };
  const fields = reader.fields(value, 'document');
  const { title } = fields;
  const named = title === undefined ? null : reader.text(title, 'title');
  if (Object.hasOwn(fields, 'clauses')) {
    reader.onlyKeys(fields, ['title', 'clauses'], 'document');
    return { title: named, clauses: reader.list(fields['clauses'], 'clauses'), notes: [] };
  }
  const clauses = Object.entries(fields).flatMap(([key, rules]) => {
    if (key === 'title') return [];
    const rule = namedRule(key);
    if (rule === null)
      return reader.fail(`The key ${JSON.stringify(key.slice(0, 60))} is not known`, 'document');
    return reader.list(rules, key).map(clause => ({ ...clause, ...rule }));
  });
  return { title: named, clauses, notes: [] };
}
