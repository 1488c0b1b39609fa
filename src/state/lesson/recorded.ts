import type { Outcome } from '../../protocol/lab-api.ts';
import type { RunRecord } from '../../record/run-record.ts';
import { loadResult, loadResultIndex, type ResultEntry } from '../compare/results.ts';
import { figuresOf, figureText, findingOf, measureName, type FigureId, type Finding } from './figures.ts';
import { LESSON_STEPS, type Expectation, type StepId, type TrainedStep } from './steps.ts';

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
      nextStep: 'Run it here, or continue with the next step.',
    },
  };
}

/**
 * Runs of a group of the recorded results, in the order of the list.
 * @param folder URL of the recorded results, with a slash at its end
 * @param most how many of them are fetched
 */
async function recordedGroup(
  folder: string,
  group: string,
  most: number,
  get: typeof fetch,
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
function clausesBetween(more: RunRecord, less: RunRecord): string[] {
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
  { run: { recorded } }: TrainedStep,
  get: typeof fetch = fetch,
): Promise<Outcome<RecordedAnswer>> {
  const [own, more] = await Promise.all([
    recordedGroup(folder, recorded.run, 1, get),
    recorded.withClause ? recordedGroup(folder, recorded.withClause, 1, get) : null,
  ]);
  if (!own.ok) return own;
  if (more && !more.ok) return more;
  const [trained] = own.value;
  const whole = more?.value[0];
  if (!trained) return lacking(recorded.run);
  const named = { runId: trained.entry.file, label: trained.entry.label, recorded: true };
  const finding = findingOf(named, trained.record);
  if (!finding) return lacking(recorded.run);
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

/** What a class may expect of a step: one line a group of runs, from the least to the most over its seeds. */
export interface ExpectedRange {
  readonly step: StepId;
  /** Whose figures these are. */
  readonly who: string;
  readonly figures: readonly { readonly name: string; readonly range: string }[];
  readonly runs: number;
}

/** Seeds of a group that are fetched at most. */
const MOST_SEEDS = 3;

function rangeText(id: FigureId, values: readonly number[]): string {
  if (values.length === 0) return '–';
  const [low, high] = [figureText(id, Math.min(...values)), figureText(id, Math.max(...values))];
  return low === high ? low : `${low} to ${high}`;
}

/** Figures of the base or the last student of each run. */
const figuresIn = (of: Expectation['of'], runs: readonly RecordedRun[]) =>
  runs.flatMap(({ record: { evals } }) => {
    const found =
      of === 'base' ? evals.find(({ step }) => step === 0) : evals.findLast(({ step }) => step > 0);
    return found ? [figuresOf(found)] : [];
  });

/**
 * Ranges over the seeds of the recorded results, computed from their files.
 * @param folder URL of the recorded results, with a slash at its end
 */
export async function expectedRanges(
  folder: string,
  get: typeof fetch = fetch,
): Promise<Outcome<readonly ExpectedRange[]>> {
  const groups = new Set(LESSON_STEPS.flatMap(({ expect = [] }) => expect.map(({ group }) => group)));
  const found = new Map<string, readonly RecordedRun[]>();
  for (const group of groups) {
    const runs = await recordedGroup(folder, group, MOST_SEEDS, get);
    if (!runs.ok) return runs;
    found.set(group, runs.value);
  }
  const first = (group = ''): RunRecord | undefined => found.get(group)?.[0]?.record;
  return {
    ok: true,
    value: LESSON_STEPS.flatMap(({ id, run, expect = [] }) => {
      const [more, less] = [first(run?.recorded.withClause), first(run?.recorded.run)];
      const clause = more && less ? clausesBetween(more, less).join(' ') : '';
      return expect.map(({ who, group, of, figures }) => {
        const all = figuresIn(of, found.get(group) ?? []);
        return {
          step: id,
          who: typeof who === 'string' ? who : who(clause),
          runs: all.length,
          figures: figures.map(figure => ({
            name: measureName(figure),
            range: rangeText(
              figure,
              all.flatMap(each => each[figure] ?? []),
            ),
          })),
        };
      });
    }),
  };
}
