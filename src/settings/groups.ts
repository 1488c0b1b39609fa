import { countOf, everySteps } from '../contract/format.ts';
import type { GroupName } from './field.ts';
import { FIELDS, type Field } from './fields.ts';
import { hasTeacher, isPolicyGradient, objectiveLabel } from './objectives.ts';
import type { RunConfig } from './run-config.ts';
import { teacherLabel } from './teacher-kinds.ts';

/** A group of the setup panel, with its settings in their order. */
export interface Group {
  readonly title: GroupName;
  /** In their order; those that another one tells of are left out. */
  readonly fields: readonly Field[];
  /** Where its settings live: what marks it as changed from the recipe, or as wrong. */
  readonly paths: readonly string[];
  /** How it stands, for a group that is folded; others are always in sight. */
  now?(config: RunConfig): string;
  /** What stands in its place where none of its settings applies. */
  readonly empty?: string;
  /** Whether the settings have it; without this all have. */
  applies?(config: RunConfig): boolean;
}

function rolloutText({ objective, queries, rolloutsPerQuery }: RunConfig): string {
  if (objective.kind === 'supervised') return `none; ${countOf(queries, 'query', 'queries')} a step`;
  return rolloutsPerQuery === 1 ? `${queries} a step` : `${queries} × ${rolloutsPerQuery} a step`;
}

function shapingText({ shaping: { topK, tokenClip, skipFirst } }: RunConfig): string {
  const parts = [
    ...(topK > 0 ? [`top ${topK}`] : []),
    ...(tokenClip > 0 ? [`clip ${tokenClip}`] : []),
    ...(skipFirst > 0 ? [`skip ${skipFirst}`] : []),
  ];
  return parts.join(', ') || 'all';
}

function group(title: GroupName, more: Pick<Group, 'now' | 'applies' | 'empty'> = {}): Group {
  const place = (field: Field): number => field.words.place ?? 0;
  const fields = FIELDS.filter(field => field.group === title && !field.told).toSorted(
    (a, b) => place(a) - place(b),
  );
  // A part without a text of its own, such as the optimiser, spans several groups.
  const paths = fields.filter(({ kind, words }) => kind !== 'part' || words.text).map(({ path }) => path);
  return { title, fields, paths, ...more };
}

/** The setup panel from top to bottom: first what is always in sight, then what a recipe sets beyond it. */
export const GROUPS: readonly Group[] = [
  group('Recipe'),
  group('Constitution'),
  group('Prompts'),
  group('Run'),
  group('Objective', { now: ({ objective }) => objectiveLabel(objective) }),
  group('Teacher', {
    empty: 'No teacher takes part under this objective.',
    now: ({ objective, teacher }) => (hasTeacher(objective) ? teacherLabel(teacher) : 'none'),
  }),
  group('Cross-SFT', {
    applies: ({ calibration }) => calibration !== null,
    now: ({ calibration }) =>
      calibration ? `${countOf(calibration.pairs, 'pair')}, ${countOf(calibration.epochs, 'epoch')}` : 'none',
  }),
  group('Rollouts', { now: rolloutText }),
  group('Policy gradient', {
    applies: ({ objective }) => isPolicyGradient(objective),
    now: ({ policyGradient: { updates, anchor } }) =>
      `${countOf(updates, 'update')}, ${anchor > 0 ? `anchor ${anchor}` : 'no anchor'}`,
  }),
  group('Tokens that count', { now: shapingText }),
  group('Optimiser', { now: ({ optimizer }) => optimizer.schedule }),
  group('Trained weights', { now: ({ lora }) => (lora ? `LoRA, rank ${lora.rank}` : 'all') }),
  group('Evaluation', { now: ({ evaluation }) => everySteps(evaluation.every) }),
  group('Model', { now: ({ model }) => model }),
];
