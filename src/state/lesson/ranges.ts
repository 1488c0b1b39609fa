import type { Outcome } from '../../protocol/lab-api.ts';
import { figuresOf, type FigureId, type Figures } from './findings.ts';
import type { StepId } from './link.ts';
import { figureText } from './predictions.ts';
import { clausesBetween, RECORDED_GROUPS, recordedGroup, type RecordedRun } from './recorded.ts';
import { measureName } from './tables.ts';

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

function expected(
  step: StepId,
  who: string,
  all: readonly Figures[],
  ids: readonly FigureId[],
): ExpectedRange {
  return {
    step,
    who,
    runs: all.length,
    figures: ids.map(id => ({
      name: measureName(id),
      range: rangeText(
        id,
        all.flatMap(figures => figures[id] ?? []),
      ),
    })),
  };
}

const bases = (runs: readonly RecordedRun[]): readonly Figures[] =>
  runs.flatMap(({ record }) => record.evals.filter(({ step }) => step === 0).map(figuresOf));
const students = (runs: readonly RecordedRun[]): readonly Figures[] =>
  runs.flatMap(({ record }) => {
    const last = record.evals.findLast(({ step }) => step > 0);
    return last ? [figuresOf(last)] : [];
  });

/**
 * Ranges over the seeds of the recorded results, computed from their files.
 * @param folder URL of the recorded results, with a slash at its end
 */
export async function expectedRanges(
  folder: string,
  get: typeof fetch = fetch,
): Promise<Outcome<readonly ExpectedRange[]>> {
  const groups = [RECORDED_GROUPS.train.run, RECORDED_GROUPS.ablate.withClause, RECORDED_GROUPS.copsd.run];
  const found: (readonly RecordedRun[])[] = [];
  for (const group of groups) {
    const runs = await recordedGroup(folder, group ?? '', MOST_SEEDS, get);
    if (!runs.ok) return runs;
    found.push(runs.value);
  }
  const [opsd = [], helpful = [], copsd = []] = found;
  const [more, less] = [helpful[0]?.record, opsd[0]?.record];
  const clause = more && less ? clausesBetween(more, less).join(' ') : '';
  return {
    ok: true,
    value: [
      expected('baseline', 'Base', bases(opsd), ['length', 'borderline', 'unsafe']),
      expected('train', 'OPSD', students(opsd), ['length', 'borderline', 'unsafe', 'entropy']),
      expected('token', 'OPSD', students(opsd), ['kl']),
      expected('ablate', `OPSD with “${clause}”`, students(helpful), ['length', 'borderline', 'unsafe']),
      expected('ablate', 'OPSD without it', students(opsd), ['length', 'borderline', 'unsafe']),
      expected('copsd', 'COPSD', students(copsd), ['length', 'borderline', 'unsafe']),
      expected('geometry', 'Base', bases(opsd), ['nats']),
      expected('geometry', 'OPSD', students(opsd), ['nats']),
      expected('geometry', 'COPSD', students(copsd), ['nats']),
    ],
  };
}
