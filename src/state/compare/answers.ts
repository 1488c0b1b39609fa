import type { JudgedAnswer, SampleRecord } from '../../record/run-record.ts';
import { QUERY_KINDS, type Category, type QueryKind } from '../../contract/world.ts';
import type { RunGroup } from './groups.ts';

/** One group's answers to a prompt. */
export interface GroupAnswers {
  readonly label: string;
  /** Index among the groups. */
  readonly group: number;
  readonly seed: number;
  /** By step; at least one. */
  readonly samples: readonly SampleRecord[];
}

/** One held-out prompt that all groups answered. */
export interface ComparedPrompt {
  readonly prompt: string;
  readonly kind: QueryKind;
  readonly category: Category;
  /** Of the first group. */
  readonly base: JudgedAnswer;
  readonly answers: readonly GroupAnswers[];
  /** At which any group kept an answer, ascending. */
  readonly steps: readonly number[];
}

interface Kept {
  readonly seed: number;
  readonly byPrompt: ReadonlyMap<string, readonly SampleRecord[]>;
}

const keptSeeds = ({ runs }: RunGroup): readonly number[] =>
  runs.flatMap(({ record }) => (record.samples.length > 0 ? [record.receipt.config.seed] : []));

/** Seeds under which every group kept answers: base answers differ from seed to seed. */
export function sharedSeeds(groups: readonly RunGroup[]): readonly number[] {
  const [first = [], ...others] = groups.map(keptSeeds);
  return first.filter(seed => others.every(seeds => seeds.includes(seed)));
}

/** The answers of a group's run of that seed, or of its first run that kept some. */
function keptOf({ runs }: RunGroup, seed: number | undefined): Kept {
  const of = (wanted: number | undefined): RunGroup['runs'][number] | undefined =>
    runs.find(({ record: { receipt, samples } }) =>
      wanted === undefined ? samples.length > 0 : receipt.config.seed === wanted,
    );
  const { record } = of(seed) ?? of(undefined) ?? runs[0]!;
  const byPrompt = new Map<string, SampleRecord[]>();
  for (const sample of record.samples.toSorted((a, b) => a.step - b.step))
    byPrompt.set(sample.prompt, [...(byPrompt.get(sample.prompt) ?? []), sample]);
  return { seed: record.receipt.config.seed, byPrompt };
}

/**
 * The prompts whose answers every group kept, by kind, in the order of the first group.
 * @param seed whose runs are shown; one of `sharedSeeds`, or undefined for the first run of each group that kept answers
 */
export function comparedPrompts(
  groups: readonly RunGroup[],
  seed: number | undefined,
): readonly ComparedPrompt[] {
  const all = groups.map(group => keptOf(group, seed));
  const [first, ...others] = all;
  if (!first) return [];
  const prompts = [...first.byPrompt].flatMap(([prompt, [sample]]): ComparedPrompt[] => {
    if (!sample || !others.every(({ byPrompt }) => byPrompt.has(prompt))) return [];
    const answers = all.map((kept, group): GroupAnswers => {
      const samples = kept.byPrompt.get(prompt)!;
      return { label: groups[group]!.label, group, seed: kept.seed, samples };
    });
    const steps = new Set(answers.flatMap(({ samples }) => samples.map(({ step }) => step)));
    const { kind, category, base } = sample;
    return [{ prompt, kind, category, base, answers, steps: [...steps].sort((a, b) => a - b) }];
  });
  return QUERY_KINDS.flatMap(kind => prompts.filter(prompt => prompt.kind === kind));
}

/** A group's latest answer by `step`: a run that ended earlier keeps its last. Null asks for the latest of all. */
export function answerBy({ samples }: GroupAnswers, step: number | null): SampleRecord {
  const said = step === null ? samples.at(-1) : samples.findLast(sample => sample.step <= step);
  return said ?? samples[0]!;
}
