import { LabError } from '../../src/contract/errors.ts';

/** The whole number, 1 or more, that an option gives; undefined where it is left out. @throws LabError `E_CONFIG` for all else. */
export function countOption(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1) return count;
  throw unfit(`--${option}`, `"${value}" is no whole number from 1`);
}

/** A number above 0 that an option gives; undefined where it is left out. @throws LabError `E_CONFIG` for all else. */
export function positiveOption(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw unfit(`--${option}`, `"${value}" is no number above 0`);
}

/** The entries of a list separated by commas, each of which must be known; undefined where the option is left out. */
export function namesOption(
  option: string,
  value: string | undefined,
  known: readonly string[],
): readonly string[] | undefined {
  const names = value?.split(',').map(name => name.trim());
  const unknown = names?.find(name => !known.includes(name));
  if (unknown === undefined) return names;
  throw unfit(`--${option}`, `"${unknown}" is none of ${known.join(', ')}`);
}

const unfit = (place: string, message: string): LabError =>
  new LabError({
    code: 'E_CONFIG',
    message,
    place,
    consequence: 'Nothing was measured.',
    nextStep: 'See --help.',
  });
