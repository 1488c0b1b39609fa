/**
 * What went wrong, as plain data that can cross threads: a stable code, what happened, where, what it means for the user's work, and what
 * to do next. Shown as text, never as HTML.
 */
export interface Fault {
  readonly code: `E_${string}`;
  readonly message: string;
  readonly file?: string;
  readonly place?: string;
  readonly consequence: string;
  readonly nextStep: string;
}

/** An error that carries its fault. Threads pass `fault`, because structured cloning drops an error's own fields. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly fault: Fault;
  constructor(fault: Fault, cause?: unknown) {
    super(describeFault(fault), { cause });
    this.fault = fault;
  }
}

/** One line: `E_CODE: file: message (place). Consequence. Next step.` */
export function describeFault({ code, message, file, place, consequence, nextStep }: Fault): string {
  const where = file ? `${file}: ` : '';
  const at = place ? ` (${place})` : '';
  return `${code}: ${where}${message}${at}. ${consequence} ${nextStep}`;
}
