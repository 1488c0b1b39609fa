import { DIVERGENCES, type Divergence } from '../settings/objectives.ts';

/** Every divergence: once, or with each of `numbers` that it takes where it has a number of its own. */
export const everyDivergence = (...numbers: readonly number[]): Divergence[] =>
  DIVERGENCES.flatMap(({ kind, parameter, schema }): Divergence[] =>
    (parameter ? numbers.map(number => ({ kind, [parameter.key]: number })) : [{ kind }]).flatMap(value => {
      const { data } = schema.safeParse(value);
      return data ? [data] : [];
    }),
  );
