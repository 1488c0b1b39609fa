import { z } from 'zod';

/** The groups of the setup panel, by their titles. `groups.ts` has their order. */
export type GroupName =
  | 'Recipe'
  | 'Constitution'
  | 'Prompts'
  | 'Run'
  | 'Objective'
  | 'Teacher'
  | 'Cross-SFT'
  | 'Rollouts'
  | 'Policy gradient'
  | 'Tokens that count'
  | 'Optimiser'
  | 'Trained weights'
  | 'Evaluation'
  | 'Model'
  | 'Chat model';

/** What a setting needs to have an effect; `objectives.ts` says which objectives bring it. */
export type Need = 'a divergence' | 'a policy gradient' | 'the sampled advantage' | 'a teacher';

/** What people read for one value of a choice. */
export interface Option {
  readonly label: string;
  /** Title of the values that it stands among. */
  readonly group?: string;
  /** Why one would choose it; without it the setting's own reason stands. */
  readonly why?: string;
  readonly formula?: string;
}

/** What the schema does not say of a setting: its words, and where it is offered. */
export interface FieldWords<Value = unknown> {
  /** Its name wherever it stands alone: differences, links, the command line, documentation. */
  readonly label: string;
  /** Its name inside its group of the panel; without it `label`. */
  readonly control?: string;
  /** Why one would change it. */
  readonly why: string;
  readonly unit?: string;
  /** Behind the range, which the schema's bounds give: values that are known to work. */
  readonly advice?: string;
  /** What an arrow key adds to a number; without it 1 to a whole one, 0.05 to others. */
  readonly increment?: number;
  /** The ends of its slider, for a number that has one. */
  readonly slider?: readonly [low: number, high: number];
  /** May change while a run goes on. */
  readonly live?: boolean;
  readonly group?: GroupName;
  /** Among the fields of its group, which otherwise stand in the order of the schema. */
  readonly place?: number;
  /** Another name on the command line (`--lr`), beside its path. */
  readonly flag?: string;
  /** Another name in links (`?method=`), beside its path. */
  readonly link?: string;
  readonly needs?: Need;
  /** What people read for the values of a choice, in the order in which they are offered: a label, or more. */
  readonly options?: Readonly<Record<string, string | Option>>;
  /** What stands for null, or for a setting without what it needs. */
  readonly none?: string;
  /** A value in a few words, where it is more than a number or a name. */
  text?(value: Value): string;
  /** What has to differ for two values to count as different, where that is not their text. */
  key?(value: Value): string;
}

const words = z.registry<FieldWords<never>>();

/** `schema` with the words of the setting that it is. Call it innermost: `described(…).nullable()`. */
export function described<Schema extends z.ZodType>(
  schema: Schema,
  about: FieldWords<z.output<Schema>>,
): Schema {
  // One schema object is one setting: a shared one (`fraction`) is copied first.
  const own = schema.clone();
  words.add(own, about);
  return own;
}

export const wordsOf = (schema: z.core.$ZodType): FieldWords<never> | undefined => words.get(schema);

export function optionOf({ options }: FieldWords<never>, value: string): Option {
  const option = options?.[value] ?? value;
  return typeof option === 'string' ? { label: option } : option;
}

/** A share between 0 and 1. */
export const fraction = z.number().min(0).max(1);
export const modelName = z.string().min(1).max(200);

/** The schemas of a list of descriptors, for the union of them. */
export const schemasOf = <const List extends readonly { readonly schema: z.ZodObject }[]>(
  list: List,
): { -readonly [Index in keyof List]: List[Index]['schema'] } =>
  list.map(({ schema }) => schema) as { -readonly [Index in keyof List]: List[Index]['schema'] };
