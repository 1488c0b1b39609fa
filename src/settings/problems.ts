import type { z } from 'zod';
import { LabError } from '../contract/errors.ts';
import { QUERY_KINDS } from '../contract/world.ts';
import { liveSettingsSchema, runConfigSchema, type LiveSettings, type RunConfig } from './run-config.ts';

/** Why the settings cannot be run: the dotted path of the setting, and what it must be. */
export interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}

type Issue = NonNullable<ReturnType<typeof runConfigSchema.safeParse>['error']>['issues'][number];

function words(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'array'
        ? `choose at least ${issue.minimum}`
        : `must be ${issue.inclusive === false ? 'over' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'invalid_type':
      return issue.expected === 'int' ? 'must be a whole number' : `must be a ${issue.expected}`;
    default:
      return issue.message;
  }
}

const problemsIn = (issues: readonly Issue[]): readonly ConfigProblem[] =>
  issues.map(issue => ({ path: issue.path.join('.'), message: words(issue) }));

/** Empty where `config` can be run. */
export const problemsOf = (config: unknown): readonly ConfigProblem[] =>
  problemsIn(runConfigSchema.safeParse(config).error?.issues ?? []);

/** @throws LabError `E_CONFIG` with all that is wrong, and the path of the first. */
function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  consequence: string,
  nextStep: string,
): z.output<Schema> {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const problems = problemsIn(error.issues);
  throw new LabError({
    code: 'E_CONFIG',
    message: problems
      .map(({ path, message }) => (problems.length > 1 ? `${path}: ${message}` : message))
      .join('; '),
    place: problems[0]?.path ?? '',
    consequence,
    nextStep,
  });
}

/** Settings from elsewhere. @throws LabError `E_CONFIG` */
export const checkedConfig = (
  config: unknown,
  consequence = 'The run did not start.',
  nextStep = 'Correct the setting and start again.',
): RunConfig => checked(runConfigSchema, config, consequence, nextStep);

/** Changes to a run in progress. @throws LabError `E_CONFIG` */
export const checkedLive = (settings: unknown): LiveSettings =>
  checked(
    liveSettingsSchema,
    settings,
    'Nothing was changed; the run continues with the settings it has.',
    'Choose a value within the range.',
  );

/** The configuration as it is run: shares of the mix scaled to a sum of one. */
export function normalizeConfig(config: RunConfig): RunConfig {
  const { mix } = config;
  const sum = QUERY_KINDS.reduce((total, kind) => total + mix[kind], 0);
  if (sum <= 0 || Math.abs(sum - 1) < 1e-9) return config;
  const { benign, borderline, harmful, general } = mix;
  return {
    ...config,
    mix: {
      benign: benign / sum,
      borderline: borderline / sum,
      harmful: harmful / sum,
      general: general / sum,
    },
  };
}
