import { runSchema, type RunRecord } from './run-record.ts';

/** Why something is no run that can be read here. */
export interface RunProblem {
  readonly kind: 'JSON' | 'FORMAT' | 'VERSION' | 'SHAPE';
  readonly message: string;
  /** Where in the record. */
  readonly place?: string;
}

type Checked = { readonly record: RunRecord } | { readonly problem: RunProblem };

const FORMAT: RunRecord['format'] = 'copsd-run';
const VERSION: RunRecord['version'] = 2;

/**
 * Whatever claims to be a run, checked whole: the one check of runs that are opened, kept, compared, linked and recorded. What
 * a record does not name is left out, and what older files lack is filled in.
 */
export function checkRun(value: unknown): Checked {
  const { format, version } = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<'format' | 'version', unknown>
  >;
  if (format !== FORMAT) return { problem: { kind: 'FORMAT', message: 'this is no run of the lab' } };
  if (version !== VERSION)
    return {
      problem: {
        kind: 'VERSION',
        message: `the run has version ${String(version)}; this page reads version ${VERSION}`,
      },
    };
  const checked = runSchema.safeParse(value);
  if (checked.success) return { record: checked.data };
  const [issue] = checked.error.issues;
  return {
    problem: {
      kind: 'SHAPE',
      message: `the run is damaged: ${issue?.message ?? 'its shape is unknown'}`,
      place: issue?.path.join('.') ?? '',
    },
  };
}

/** A run as text, checked. */
export function checkRunText(text: string): Checked {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problem: { kind: 'JSON', message: `the file is not JSON: ${why}` } };
  }
  return checkRun(value);
}
