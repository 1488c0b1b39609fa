import type { JudgedAnswer, SampleRecord } from '../contract/run-record.ts';
import { QUERY_KINDS, type Category, type QueryKind } from '../contract/world.ts';
import type { RunGroup } from './compare-groups.ts';

/** What one group made of a prompt: its first run that kept the prompt, at the last step that it kept. */
export interface GroupAnswer {
  readonly label: string;
  /** Place among the groups. */
  readonly group: number;
  readonly seed: number;
  readonly step: number;
  readonly student: JudgedAnswer;
  readonly teacher: JudgedAnswer;
}

/** One held-out prompt that all groups answered. */
export interface ComparedPrompt {
  readonly prompt: string;
  readonly kind: QueryKind;
  readonly category: Category;
  /** Of the first group. */
  readonly base: JudgedAnswer;
  readonly answers: readonly GroupAnswer[];
}

interface Kept {
  readonly seed: number;
  readonly sample: SampleRecord;
}

/** By prompt, what a group kept of it last. */
function lastByPrompt({ runs }: RunGroup): ReadonlyMap<string, Kept> {
  const found = new Map<string, Kept>();
  for (const { record } of runs) {
    const { seed } = record.receipt.config;
    for (const sample of record.samples) {
      const known = found.get(sample.prompt);
      if (!known || (known.seed === seed && known.sample.step <= sample.step))
        found.set(sample.prompt, { seed, sample });
    }
  }
  return found;
}

/** The prompts whose answers every group kept, by kind, in the order of the first group. */
export function comparedPrompts(groups: readonly RunGroup[]): readonly ComparedPrompt[] {
  const [first, ...others] = groups.map(lastByPrompt);
  if (!first) return [];
  const shared = [...first.values()].filter(({ sample }) => others.every(kept => kept.has(sample.prompt)));
  const prompts = shared.map(({ sample: { prompt, kind, category, base } }): ComparedPrompt => {
    const answers = [first, ...others].map((kept, group): GroupAnswer => {
      const { seed, sample } = kept.get(prompt)!;
      const { step, student, teacher } = sample;
      return { label: groups[group]!.label, group, seed, step, student, teacher };
    });
    return { prompt, kind, category, base, answers };
  });
  return QUERY_KINDS.flatMap(kind => prompts.filter(prompt => prompt.kind === kind));
}
