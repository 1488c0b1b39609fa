import { LabError, type Fault } from '../../contract/errors.ts';

/** The parts of a fault that differ between refusals. */
export type Refusal = Pick<Fault, 'code' | 'message'> & Partial<Fault>;

/** Refuses a file of a model folder. Unless `refusal` says otherwise, nothing has changed. @throws LabError always. */
export function refuseFile(file: string, refusal: Refusal, cause?: unknown): never {
  throw new LabError(
    {
      consequence: 'The model was not opened; what was open is unchanged.',
      nextStep: 'Download the file again, or take all files from one model folder.',
      ...refusal,
      file,
    },
    cause,
  );
}

/** `refuseFile` for a given file. */
export type Refuse = (refusal: Refusal) => never;

const LONGEST_NAME = 120;
const MOST_NAMED = 10;

/** Text of a file, short enough for a message and on one line. */
export const quoted = (text: string): string => {
  const short = text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text;
  // Hostile files contain lone surrogates and control characters: JSON escapes both.
  return JSON.stringify(short.replace(/[\p{Cf}]/gu, '\ufffd'));
};

/** The first ten names, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).map(quoted).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Bytes for display. */
export function sized(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const text = unit === 0 || value >= 100 ? value.toFixed(0) : value.toPrecision(3);
  return `${text} ${units[unit]!}`;
}
