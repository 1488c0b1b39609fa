import { z } from 'zod';

/** What a setting tells a person, whoever shows it: the setup panel, links, the command line, receipts, documentation. */
export interface FieldWords {
  readonly label: string;
  readonly why: string;
  /** Of a number. */
  readonly unit?: string;
  /** The schema's bounds in words, where the bounds alone say too little. */
  readonly range?: string;
  /** By how much one press of an arrow key changes a number. */
  readonly increment?: number;
  /** May change while a run goes on. */
  readonly live?: boolean;
  /** Name on the command line, where it differs from the path. */
  readonly flag?: string;
}

/** The words of each field of the settings, by its schema. */
export const fieldWords = z.registry<FieldWords>();

/** `schema` with its words; the schema itself, not a copy. */
export function described<Schema extends z.ZodType>(schema: Schema, words: FieldWords): Schema {
  fieldWords.add(schema, words);
  return schema;
}
