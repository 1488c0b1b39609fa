import type { Fault } from '../../contract/errors.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import type { RunRecord } from '../../record/run-record.ts';

const VERSION: RunRecord['version'] = 2;
/** What a file may turn out to be. */
type Unchecked = Partial<Omit<RunRecord, 'version'>> & { readonly version?: unknown };

const CONSEQUENCE = 'The charts stay empty until you run; nothing else is missing.';
const NEXT = 'Press Run to train live, or reload the page.';

function refuse(code: Fault['code'], message: string, file: string): Outcome<RunRecord> {
  return { ok: false, fault: { code, message, file, consequence: CONSEQUENCE, nextStep: NEXT } };
}

/** The run that ships with the page. */
export async function loadRecordedRun(url: string, get: typeof fetch = fetch): Promise<Outcome<RunRecord>> {
  const file = url.slice(url.lastIndexOf('/') + 1);
  try {
    const response = await get(url);
    if (!response.ok)
      return refuse(
        'E_RECORD_MISSING',
        `the recorded run could not be fetched (HTTP ${response.status})`,
        file,
      );
    const record = (await response.json()) as Unchecked;
    if (record.format !== 'copsd-run') return refuse('E_RECORD_FORMAT', 'the file is no recorded run', file);
    if (record.version !== VERSION)
      return refuse(
        'E_RECORD_VERSION',
        `the recorded run is of version ${String(record.version)}; this page reads version ${VERSION}`,
        file,
      );
    if (!record.receipt || !record.steps)
      return refuse('E_RECORD_FORMAT', 'the recorded run lacks its receipt or its steps', file);
    return { ok: true, value: record as RunRecord };
  } catch (error) {
    return refuse('E_RECORD_MISSING', `the recorded run could not be read: ${String(error)}`, file);
  }
}
