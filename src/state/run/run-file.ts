import type { Fault } from '../../contract/errors.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import { checkRunText, type RunProblem } from '../../record/read-run.ts';
import type { RunRecord } from '../../record/run-record.ts';

const MEBI = 1024 * 1024;
/** Larger runs are refused unread; one of a thousand steps has about two MiB. */
export const MAX_RUN_BYTES = 64 * MEBI;

/** The consequence of an unreadable run, by who asked for it. */
export const NOT_OPENED = 'Nothing was opened; the page is unchanged.';
export const NOT_COMPARED = 'It is not compared; the other runs are unchanged.';

const NEXT_STEP: Readonly<Record<RunProblem['kind'], string>> = {
  JSON: 'Open a file that Export, Run (JSON) has saved.',
  FORMAT: 'Open a file that Export, Run (JSON) has saved.',
  VERSION: 'Run it again with the settings that the file names, and save that.',
  SHAPE: 'Save the run again from where it was made.',
};

function refuse(fault: Fault): Outcome<never> {
  return { ok: false, fault };
}

/** A run as text, checked. `file` is its name, for the fault. */
export function parseRun(text: string, file: string, consequence: string): Outcome<RunRecord> {
  const checked = checkRunText(text);
  if ('record' in checked) return { ok: true, value: checked.record };
  const { kind, ...problem } = checked.problem;
  return refuse({ ...problem, code: `E_RUN_FILE_${kind}`, file, consequence, nextStep: NEXT_STEP[kind] });
}

/** Reads a file that was dropped or chosen. */
export async function readRunFile(file: File, consequence: string): Promise<Outcome<RunRecord>> {
  if (file.size > MAX_RUN_BYTES)
    return refuse({
      code: 'E_RUN_FILE_TOO_LARGE',
      message: `the file has ${file.size.toLocaleString('en-US')} bytes, more than any run here`,
      file: file.name,
      consequence,
      nextStep: `Open a run of at most ${MAX_RUN_BYTES / MEBI} MiB.`,
    });
  let text: string;
  try {
    text = await file.text();
  } catch {
    return refuse({
      code: 'E_RUN_FILE_READ',
      message: 'the browser could not read this: it may be a folder, or gone by now',
      file: file.name,
      consequence,
      nextStep: 'Choose the .json file itself.',
    });
  }
  return parseRun(text, file.name, consequence);
}
