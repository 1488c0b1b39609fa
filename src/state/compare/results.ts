import { z } from 'zod';
import type { Fault } from '../../contract/errors.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import { RECIPES } from '../../settings/recipes.ts';
import type { RunRecord } from '../../record/run-record.ts';
import { NOT_COMPARED, parseRun } from '../run/run-file.ts';

/** A run of the recorded results that ship with the page, before it is fetched. */
const entrySchema = z.strictObject({
  /** A name in the folder of the list. */
  file: z.string().regex(/^[\w.-]+\.json$/, 'must be the name of a .json file in the same folder'),
  label: z.string().min(1).max(200),
  recipe: z.enum(RECIPES),
  seed: z.int().min(0),
  /** Runs of one group differ by their seed alone. */
  group: z.string().min(1).max(200),
});
const indexSchema = z.strictObject({ runs: z.array(entrySchema).max(1000) });
export type ResultEntry = z.infer<typeof entrySchema>;

const INDEX = 'index.json';

function missing(file: string, why: string): Outcome<never> {
  const fault: Fault = {
    code: 'E_RESULTS_MISSING',
    message: why,
    file,
    consequence: 'These recorded results cannot be compared; runs of this page and run files can.',
    nextStep: 'Reload the page, or open a run file.',
  };
  return { ok: false, fault };
}

async function fetchText(url: string, file: string, get: typeof fetch): Promise<Outcome<string>> {
  try {
    const response = await get(url);
    if (!response.ok) return missing(file, `it could not be fetched (HTTP ${response.status})`);
    return { ok: true, value: await response.text() };
  } catch (error) {
    return missing(
      file,
      `it could not be fetched: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * The list of recorded results.
 * @param folder URL of the folder, with a slash at its end
 */
export async function loadResultIndex(
  folder: string,
  get: typeof fetch = fetch,
): Promise<Outcome<readonly ResultEntry[]>> {
  const text = await fetchText(folder + INDEX, INDEX, get);
  if (!text.ok) return text;
  let value: unknown;
  try {
    value = JSON.parse(text.value);
  } catch {
    return missing(INDEX, 'the list of recorded results is not JSON');
  }
  const checked = indexSchema.safeParse(value);
  if (checked.success) return { ok: true, value: checked.data.runs };
  const [issue] = checked.error.issues;
  return missing(
    INDEX,
    `the list of recorded results is damaged at ${issue?.path.join('.') ?? 'its root'}: ${issue?.message ?? ''}`,
  );
}

/** One recorded run, fetched and checked. */
export async function loadResult(
  folder: string,
  { file }: ResultEntry,
  get: typeof fetch = fetch,
): Promise<Outcome<RunRecord>> {
  const text = await fetchText(folder + file, file, get);
  return text.ok ? parseRun(text.value, file, NOT_COMPARED) : text;
}
