import type { Outcome } from '../../protocol/lab-api.ts';
import type { RunRecord } from '../../record/run-record.ts';
import { loadResult, loadResultIndex, type ResultEntry } from '../compare/results.ts';
import { findingOf, type Finding } from './findings.ts';
import type { TrainingStep } from './steps.ts';

/** Groups of the recorded results: the one that answers a step, and for the ablation the same with one clause more. */
export const RECORDED_GROUPS: Readonly<
  Record<TrainingStep, { readonly run: string; readonly withClause?: string }>
> = {
  train: { run: 'OPSD' },
  ablate: { run: 'OPSD', withClause: 'OPSD, helpful constitution' },
  copsd: { run: 'COPSD' },
};

export interface RecordedRun {
  readonly entry: ResultEntry;
  readonly record: RunRecord;
}

function lacking(group: string): Outcome<never> {
  return {
    ok: false,
    fault: {
      code: 'E_LESSON_RECORDED',
      message: `the recorded results have no run of “${group}”`,
      consequence: 'The step stays open; your runs still complete it.',
      nextStep: 'Run it here, or go on with the next step.',
    },
  };
}

/**
 * Runs of a group of the recorded results, in the order of the list.
 * @param folder URL of the recorded results, with a slash at its end
 * @param most how many of them are fetched
 */
export async function recordedGroup(
  folder: string,
  group: string,
  most: number,
  get: typeof fetch = fetch,
): Promise<Outcome<readonly RecordedRun[]>> {
  const index = await loadResultIndex(folder, get);
  if (!index.ok) return index;
  const entries = index.value.filter(entry => entry.group === group).slice(0, most);
  if (entries.length === 0) return lacking(group);
  const loaded = await Promise.all(
    entries.map(async entry => ({ entry, outcome: await loadResult(folder, entry, get) })),
  );
  const runs: RecordedRun[] = [];
  for (const { entry, outcome } of loaded) {
    if (!outcome.ok) return outcome;
    runs.push({ entry, record: outcome.value });
  }
  return { ok: true, value: runs };
}

/** The clauses that are on in `more` and not in `less`, by their words. */
export function clausesBetween(more: RunRecord, less: RunRecord): string[] {
  const on = ({ receipt }: RunRecord): string[] =>
    receipt.config.constitution.clauses.flatMap(({ enabled, text }) => (enabled ? [text] : []));
  const fewer = new Set(on(less));
  return on(more).filter(text => !fewer.has(text));
}

export interface RecordedAnswer {
  readonly finding: Finding;
  /** All that were fetched for it, the run itself last. */
  readonly runs: readonly RecordedRun[];
}

/** What the recorded results say to a step that needs training. */
export async function recordedAnswer(
  folder: string,
  step: TrainingStep,
  get: typeof fetch = fetch,
): Promise<Outcome<RecordedAnswer>> {
  const { run, withClause } = RECORDED_GROUPS[step];
  const [own, more] = await Promise.all([
    recordedGroup(folder, run, 1, get),
    withClause ? recordedGroup(folder, withClause, 1, get) : null,
  ]);
  if (!own.ok) return own;
  if (more && !more.ok) return more;
  const [trained] = own.value;
  const whole = more?.value[0];
  if (!trained) return lacking(run);
  const named = { runId: trained.entry.file, label: trained.entry.label, recorded: true };
  const finding = findingOf(named, trained.record);
  if (!finding) return lacking(run);
  if (!whole) return { ok: true, value: { finding, runs: [trained] } };
  const before = findingOf({ ...named, runId: whole.entry.file }, whole.record);
  return {
    ok: true,
    value: {
      finding: {
        ...finding,
        withClause: before?.student ?? null,
        without: clausesBetween(whole.record, trained.record),
      },
      runs: [whole, trained],
    },
  };
}
