import type { ChatConfig, RunConfig } from './run-config.ts';
import { RECIPE_PRESETS } from './recipes.ts';
import { constitutionDifference } from './constitution-diff.ts';
import { countOf, formatNumber, percent, shortModelName } from '../contract/format.ts';
import { methodLabel, usesTeacher } from './methods.ts';
import { NUMBER_FIELDS } from './number-fields.ts';
import { SWITCH_FIELDS } from './switch-fields.ts';
import { CONTEXT_LABELS, teacherLabel } from './teachers.ts';

/** One setting that differs, in words. */
export interface ConfigDifference {
  readonly path: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Takes effect in a run that goes on. */
  readonly live: boolean;
}

/** A setting that is no number: differs where its key does, and is told by its text. */
interface Worded {
  readonly path: string;
  readonly label: string;
  key(config: RunConfig): string;
  text(config: RunConfig): string;
  /** Where one side has no such setting at all, another one says so. */
  applies?(config: RunConfig): boolean;
}

const mixText = ({ mix }: RunConfig): string =>
  `${percent(mix.benign)} benign, ${percent(mix.borderline)} borderline, ${percent(mix.harmful)} harmful, ${percent(mix.general)} general`;

const weightsText = ({ lora }: RunConfig): string =>
  lora ? `LoRA rank ${lora.rank}, α ${lora.alpha}, ${lora.targets.join(' ')}` : 'all weights';

const crossedText = ({ calibration }: RunConfig): string =>
  calibration ? `${countOf(calibration.pairs, 'pair')}, ${countOf(calibration.epochs, 'epoch')}` : 'none';

const outcomeText = ({ policyGradient: { outcomeKinds } }: RunConfig): string =>
  outcomeKinds.length > 0 ? outcomeKinds.join(', ') : 'none';

const teacherText = (config: RunConfig): string =>
  usesTeacher(config) ? teacherLabel(config.teacher) : 'none';

const same = (path: string, label: string, text: Worded['text']): Worded => ({
  path,
  label,
  key: text,
  text,
});

/** A setting that chat models alone have. */
const inChat = (path: string, label: string, text: (chat: ChatConfig) => string): Worded => ({
  ...same(path, label, ({ chat }) => (chat ? text(chat) : '')),
  applies: ({ chat }) => chat !== null,
});

/** In the order of the setup panel. Numbers that both sides have are left to their own fields. */
const WORDED: readonly Worded[] = [
  same('recipe', 'Recipe', ({ recipe }) => RECIPE_PRESETS[recipe].label),
  same('model', 'Model', ({ model }) => shortModelName(model)),
  {
    path: 'objective',
    label: 'Objective',
    key: ({ objective }) =>
      objective.kind === 'supervised' ? `${objective.kind} ${objective.answers}` : objective.kind,
    text: ({ objective }) => methodLabel(objective),
  },
  {
    path: 'teacher',
    label: 'Teacher',
    key: config =>
      config.teacher.kind === 'external' && usesTeacher(config)
        ? config.teacher.model
        : usesTeacher(config)
          ? config.teacher.kind
          : '',
    text: teacherText,
  },
  same('teacherContext', 'The teacher reads', config =>
    usesTeacher(config) ? CONTEXT_LABELS[config.teacherContext] : CONTEXT_LABELS.constitution,
  ),
  {
    path: 'calibration',
    label: 'Cross-SFT',
    key: ({ calibration }) => (calibration ? 'on' : 'off'),
    text: crossedText,
  },
  {
    ...same('calibration.frontier', 'Safety answers by', ({ calibration }) => calibration?.frontier ?? ''),
    applies: ({ calibration }) => calibration !== null,
  },
  same('policyGradient.outcomeKinds', 'Outcome reward for', outcomeText),
  same('mix', 'Prompts', mixText),
  {
    path: 'lora',
    label: 'Trained weights',
    key: ({ lora }) => (lora ? lora.targets.join(' ') : ''),
    text: weightsText,
  },
  same('adapter', 'Starts from', ({ adapter }) => adapter ?? 'a fresh adapter'),
  inChat('chat.storage', 'Frozen weights', ({ storage }) => storage),
  inChat('chat.recompute', 'Compute activations again', ({ recompute }) => recompute),
  inChat('chat.thinking', 'Thinks aloud', ({ thinking }) => (thinking ? 'on' : 'off')),
  {
    path: 'chat.prompts',
    label: 'Prompt set',
    key: ({ chat }) => chat?.prompts?.sha256 ?? '',
    text: ({ chat }) => (chat ? (chat.prompts?.title ?? 'starter set') : 'the embedded world’s'),
  },
  inChat('chat.classifier', 'Judged by', ({ classifier }) =>
    classifier
      ? `phrases and ${classifier.name}, “${classifier.label}” from ${percent(classifier.threshold)}`
      : 'phrases',
  ),
  same('optimizer.schedule', 'Schedule', ({ optimizer }) => optimizer.schedule),
];

function worded(before: RunConfig, after: RunConfig): ConfigDifference[] {
  return WORDED.flatMap(({ path, label, key, text, applies }) =>
    key(before) === key(after) || !(applies?.(before) ?? true) || !(applies?.(after) ?? true)
      ? []
      : [{ path, label, before: text(before), after: text(after), live: false }],
  );
}

function numbers(before: RunConfig, after: RunConfig): ConfigDifference[] {
  return NUMBER_FIELDS.flatMap(({ path, label, get, live, applies }) =>
    Object.is(get(before), get(after)) || !(applies?.(before) ?? true) || !(applies?.(after) ?? true)
      ? []
      : [
          {
            path,
            label,
            before: formatNumber(get(before)),
            after: formatNumber(get(after)),
            live: live ?? false,
          },
        ],
  );
}

function switches(before: RunConfig, after: RunConfig): ConfigDifference[] {
  const word = (on: boolean): string => (on ? 'on' : 'off');
  return SWITCH_FIELDS.flatMap(({ path, label, get, applies }) =>
    get(before) === get(after) || !(applies?.(before) ?? true) || !(applies?.(after) ?? true)
      ? []
      : [{ path, label, before: word(get(before)), after: word(get(after)), live: false }],
  );
}

/** Every setting in which `after` differs from `before`, in the order of the setup panel. */
export function diffConfigs(before: RunConfig, after: RunConfig): readonly ConfigDifference[] {
  return [
    ...worded(before, after),
    ...constitutionDifference(before.constitution, after.constitution),
    ...numbers(before, after),
    ...switches(before, after),
  ];
}
