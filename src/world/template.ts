/** Replaces each `{name}` by its value. A slot without a value is a bug in the tables, and never left in a text. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_slot, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new Error(`The sentence "${template}" has a slot {${name}} without a value.`);
    return value;
  });
}

/** Joins the non-empty parts with single spaces. */
export const joinWords = (...parts: readonly string[]): string => parts.filter(part => part !== '').join(' ');
