import { LabError } from '../../contract/errors.ts';

interface FileRefusal {
  /** The part of the code after `E_PROMPTS_`. */
  readonly code: string;
  readonly message: string;
  readonly place?: string;
  readonly nextStep: string;
}

/** Throws the refusal of a file of prompts as a LabError whose code begins with `E_PROMPTS_`. */
export function refuseFile(file: string, { code, message, place, nextStep }: FileRefusal): never {
  throw new LabError({
    code: `E_PROMPTS_${code}`,
    message,
    file,
    nextStep,
    ...(place === undefined ? {} : { place }),
    consequence: 'Nothing was imported; your prompts are unchanged.',
  });
}

/** What is wrong with one line. */
export class LineFault extends Error {
  override readonly name = 'LineFault';
}

const MOST_TOLD = 20;

/** Collects the faults of lines, so that all are reported at once. */
export class LineFaults {
  readonly #told: { readonly line: number; readonly message: string }[] = [];
  #count = 0;

  /** The result of `attempt`; null, with the fault recorded, if the line is invalid. */
  attempt<T>(line: number, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      this.#count++;
      if (this.#told.length < MOST_TOLD) this.#told.push({ line, message: error.message });
      return null;
    }
  }

  /** @throws LabError `E_PROMPTS_LINES` when a line was invalid: names the first twenty, and how many more there are. */
  refuseAny(file: string): void {
    if (this.#count === 0) return;
    const [first] = this.#told;
    const more = this.#count - this.#told.length;
    const told = this.#told.map(({ line, message }) => `line ${line}: ${message}`).join('; ');
    refuseFile(file, {
      code: 'LINES',
      message:
        this.#count === 1
          ? first!.message
          : `${this.#count} lines cannot be read: ${told}${more > 0 ? `; and ${more} more` : ''}`,
      place:
        this.#count === 1
          ? `line ${first!.line}`
          : `lines ${listLines(
              this.#told.map(({ line }) => line),
              more,
            )}`,
      nextStep: 'Correct the lines named and import the file again.',
    });
  }
}

const MOST_LISTED = 20;

/** Line numbers as a list that stays short. */
export function listLines(lines: readonly number[], more = 0): string {
  const hidden = Math.max(0, lines.length - MOST_LISTED) + more;
  return lines.slice(0, MOST_LISTED).join(', ') + (hidden > 0 ? ` and ${hidden} more` : '');
}
