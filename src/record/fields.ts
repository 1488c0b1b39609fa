import { z } from 'zod';

/** Read-only all the way down. */
export type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

export const count = z.int().min(0);

/** A figure; null where there is none. JSON holds no NaN and no infinity: those are none too. */
export const figure = z.number().nullable();

/** A number that JSON has lost, where it was not finite, is NaN. */
export const lossy = z
  .number()
  .nullable()
  .transform(value => value ?? NaN);

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every(entry => entry === null || typeof entry === 'number');

/** A list of such numbers, looked at as one: a file holds hundreds of thousands. */
export const numbers = z
  .custom<readonly (number | null)[]>(isNumbers, 'must be a list of numbers')
  .transform((list): readonly number[] =>
    list.includes(null) ? list.map(value => value ?? NaN) : (list as readonly number[]),
  );

/** Records in the order of their steps, each step once. */
export const ascending = (records: readonly { readonly step: number }[]): boolean =>
  records.every(({ step }, i) => i === 0 || step > records[i - 1]!.step);
