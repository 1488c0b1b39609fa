import { LabError } from '../contract/errors.ts';
import { QUERY_KINDS } from '../contract/world.ts';
import { runConfigSchema, type RunConfig } from './run-config.ts';

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

/** Empty where `config` can be run. */
export function problemsOf(config: unknown): readonly ConfigProblem[] {
  const { error } = runConfigSchema.safeParse(config);
  return error?.issues.map(issue => ({ path: issue.path.join('.'), message: words(issue) })) ?? [];
}

/** Settings from elsewhere. @throws LabError `E_CONFIG` with the path of the setting. */
export function checkedConfig(
  config: unknown,
  consequence = 'The run did not start.',
  nextStep = 'Correct the setting and start again.',
): RunConfig {
  const { data, error } = runConfigSchema.safeParse(config);
  if (data) return data;
  const [issue] = error.issues;
  throw new LabError({
    code: 'E_CONFIG',
    message: issue?.message ?? 'the settings are not valid',
    place: issue?.path.join('.') ?? '',
    consequence,
    nextStep,
  });
}

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
