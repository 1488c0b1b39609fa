import { recipeLabel } from '../../settings/recipes.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import type { EvaluationRecord, RunRecord } from '../../record/run-record.ts';
import { diffConfigs } from '../../settings/differences.ts';

/** Groups that fit into one view: as many as there are colours and markers that can be told apart. */
export const MAX_GROUPS = 5;

/** A run that can be compared. */
export interface ComparedRun {
  /** Names the run among all that are compared. */
  readonly id: string;
  /** The run's name for the user. */
  readonly name: string;
  /** What the group of the run is called; null takes the recipe's name. */
  readonly group: string | null;
  readonly record: RunRecord;
}

/** Runs of the same settings but for the seed: one line with a band in the figures. */
export interface RunGroup {
  readonly key: string;
  readonly label: string;
  /** By seed; at least one. */
  readonly runs: readonly ComparedRun[];
  /** Settings of the first run. */
  readonly config: RunConfig;
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
};

/** Equal for runs that only the seed tells apart: settings, changes while running, base weights, rows dropped from the crossed set. */
export function groupKey({ receipt, calibration }: RunRecord): string {
  const { seed: _seed, recipe: _recipe, ...settings } = receipt.config;
  return JSON.stringify(
    sorted([settings, receipt.liveChanges, receipt.weightsSha256, calibration?.dropped ?? []]),
  );
}

/** Distinct names: groups with the same name also say how they differ from the first. */
function distinctLabels(groups: readonly Omit<RunGroup, 'label'>[], names: readonly string[]): string[] {
  const taken = new Set<string>();
  return groups.map(({ config }, i) => {
    const name = names[i]!;
    const first = groups[names.indexOf(name)]!;
    const [difference] = first.config === config ? [] : diffConfigs(first.config, config);
    const full = difference ? `${name}, ${difference.label.toLowerCase()} ${difference.after}` : name;
    let label = full;
    for (let n = 2; taken.has(label); n += 1) label = `${full} (${n})`;
    taken.add(label);
    return label;
  });
}

/**
 * Runs by settings, in the order in which the settings first come. A seed counts once in a group, by the run that comes first:
 * the same run twice says nothing new.
 */
export function groupRuns(runs: readonly ComparedRun[]): readonly RunGroup[] {
  const members = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const key = groupKey(run.record);
    const group = members.get(key) ?? [];
    const { seed } = run.record.receipt.config;
    if (!group.some(({ record }) => record.receipt.config.seed === seed)) group.push(run);
    members.set(key, group);
  }
  const groups = [...members].map(([key, found]) => {
    const bySeed = found.sort((a, b) => a.record.receipt.config.seed - b.record.receipt.config.seed);
    return { key, runs: bySeed, config: bySeed[0]!.record.receipt.config };
  });
  const names = groups.map(
    ({ runs: found, config }) =>
      found.find(({ group }) => group !== null)?.group ?? recipeLabel(config.recipe),
  );
  const labels = distinctLabels(groups, names);
  return groups.map((group, i) => ({ ...group, label: labels[i]! }));
}

/** The untrained student of a run: its evaluation before step 1. */
export const baseOf = ({ record }: ComparedRun): EvaluationRecord | null =>
  record.evals.find(({ step }) => step === 0) ?? null;

/** The student of a run as it was evaluated last; null before the first evaluation after step 0. */
export const studentOf = ({ record }: ComparedRun): EvaluationRecord | null =>
  record.evals.findLast(({ step }) => step > 0) ?? null;

const present = (records: readonly (EvaluationRecord | null)[]): readonly EvaluationRecord[] =>
  records.filter(record => record !== null);

export const studentsOf = ({ runs }: RunGroup): readonly EvaluationRecord[] => present(runs.map(studentOf));
export const teachersOf = ({ runs }: RunGroup): readonly EvaluationRecord[] =>
  present(runs.map(({ record }) => record.teacher));

/**
 * Evaluations of the base that the groups start from, one for each seed: of the first group's weights. Groups of other weights
 * have another base, see `sharesBase`.
 */
export function basesOf(groups: readonly RunGroup[]): readonly EvaluationRecord[] {
  const weights = groups[0]?.runs[0]?.record.receipt.weightsSha256;
  const bySeed = new Map<number, EvaluationRecord>();
  for (const run of groups.flatMap(({ runs }) => runs)) {
    const { config, weightsSha256 } = run.record.receipt;
    const base = baseOf(run);
    if (base && weightsSha256 === weights && !bySeed.has(config.seed)) bySeed.set(config.seed, base);
  }
  return [...bySeed.values()];
}

/** Whether all runs were trained from the same weights, so that one base line stands for all. */
export function sharesBase(groups: readonly RunGroup[]): boolean {
  const weights = groups.flatMap(({ runs }) => runs.map(({ record }) => record.receipt.weightsSha256));
  return new Set(weights).size <= 1;
}
