import type { Fault } from '../../contract/errors.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import type { RunRecord } from '../../record/run-record.ts';

function refuse(fault: Pick<Fault, 'code' | 'message' | 'file' | 'place'>): Outcome<RunRecord> {
  return {
    ok: false,
    fault: {
      ...fault,
      consequence: 'The charts stay empty until you run; nothing else is missing.',
      nextStep: 'Press Run to train live, or reload the page.',
    },
  };
}

/** The run that ships with the page. */
export async function loadRecordedRun(url: string, get: typeof fetch = fetch): Promise<Outcome<RunRecord>> {
  const file = url.slice(url.lastIndexOf('/') + 1);
  const missing = (why: string): Outcome<RunRecord> =>
    refuse({ code: 'E_RECORD_MISSING', message: `the recorded run could not be ${why}`, file });
  try {
    // The reader is loaded in parallel: the page is drawn before either arrives.
    const [response, { checkRunText }] = await Promise.all([get(url), import('../../record/read-run.ts')]);
    if (!response.ok) return missing(`fetched (HTTP ${response.status})`);
    const checked = checkRunText(await response.text());
    if ('record' in checked) return { ok: true, value: checked.record };
    const { kind, ...problem } = checked.problem;
    return refuse({ ...problem, code: `E_RECORD_${kind}`, file });
  } catch (error) {
    return missing(`read: ${String(error)}`);
  }
}
