import { LabError } from '../../contract/errors.ts';

const CONSEQUENCE = 'Nothing was imported; your constitution is unchanged.';

export interface Refusal {
  /** The part of the code after `E_CONSTITUTION_`. */
  readonly code: string;
  readonly message: string;
  readonly place?: string | undefined;
  readonly nextStep: string;
}

/** Throws the refusal of a constitution file as a LabError whose code begins with `E_CONSTITUTION_`. */
export function refuse(file: string, { code, message, place, nextStep }: Refusal): never {
  throw new LabError({
    code: `E_CONSTITUTION_${code}`,
    message,
    file,
    ...(place === undefined ? {} : { place }),
    consequence: CONSEQUENCE,
    nextStep,
  });
}

/** The line of an offset in a text, from 1, as a place. */
export const lineOf = (text: string, offset: number): string =>
  `line ${text.slice(0, offset).split('\n').length}`;

/** A character as its code point, because most refused ones cannot be seen. */
export const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const LONGEST_NAME = 80;

/** The last part of a file's name, without control and hidden characters, for messages and titles. */
export function safeFileName(name: string, fallback = 'constitution'): string {
  const base = name.split(/[\\/]/).at(-1) ?? '';
  const clean = base.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim();
  return clean === '' ? fallback : clean.slice(0, LONGEST_NAME);
}
