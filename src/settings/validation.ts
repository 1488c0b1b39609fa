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
      return `must be at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'invalid_type':
      return issue.expected === 'int' ? 'must be a whole number' : `must be a ${issue.expected}`;
    default:
      return issue.message;
  }
}

/** Empty where `config` can be run. */
export function problemsOf(config: RunConfig): readonly ConfigProblem[] {
  const { mix } = config;
  const shares = mix.benign + mix.borderline + mix.harmful + mix.general;
  const noPrompts = shares > 0 ? [] : [{ path: 'mix', message: 'give at least one kind of query a share' }];
  const parsed = runConfigSchema.safeParse(config);
  const issues = parsed.success
    ? []
    : parsed.error.issues.map(issue => ({ path: issue.path.join('.'), message: words(issue) }));
  return [...noPrompts, ...issues];
}

/** The configuration as it is run: shares of the mix scaled to a sum of one. */
export function normalizeConfig(config: RunConfig): RunConfig {
  const { benign, borderline, harmful, general } = config.mix;
  const sum = benign + borderline + harmful + general;
  if (sum <= 0 || Math.abs(sum - 1) < 1e-9) return config;
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
