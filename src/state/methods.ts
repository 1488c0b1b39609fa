import type { Objective, RunConfig } from '../contract/run-config.ts';

/** A way to move the student to the teacher, as a person picks it. */
export interface Method {
  readonly kind: Objective['kind'];
  readonly label: string;
  readonly formula: string;
  readonly why: string;
}

export const METHODS: readonly Method[] = [
  {
    kind: 'reverse-kl',
    label: 'Reverse KL',
    formula: 'KL(student ‖ teacher)',
    why: 'Seeks the teacher’s strongest mode: the sharpest push toward refusing.',
  },
  {
    kind: 'forward-kl',
    label: 'Forward KL',
    formula: 'KL(teacher ‖ student)',
    why: 'Covers all that the teacher might say, its rare answers included.',
  },
  {
    kind: 'jsd',
    label: 'Jensen–Shannon',
    formula: 'JSD(β) between both',
    why: 'Between the two: β near 0 acts as forward, near 1 as reverse KL.',
  },
  {
    kind: 'sampled-advantage',
    label: 'Sampled advantage',
    formula: 'log π_T − log π_S',
    why: 'Policy gradient on the tokens drawn, weighed by how much more the teacher likes them. Noisier; wants several rollouts a query.',
  },
];

/** `config` with another method; what belongs to the method (rollouts of a group) is set along with it. */
export function withMethod(config: RunConfig, kind: Objective['kind']): RunConfig {
  if (kind === config.objective.kind) return config;
  const objective: Objective = kind === 'jsd' ? { kind, beta: 0.5 } : { kind };
  const answers = config.queries * config.rolloutsPerQuery;
  const grouped = kind === 'sampled-advantage';
  if (grouped && config.rolloutsPerQuery === 1 && answers % 4 === 0)
    return { ...config, objective, queries: answers / 4, rolloutsPerQuery: 4 };
  if (!grouped && config.objective.kind === 'sampled-advantage')
    return { ...config, objective, queries: answers, rolloutsPerQuery: 1 };
  return { ...config, objective };
}

export function methodLabel(objective: Objective): string {
  const label = METHODS.find(({ kind }) => kind === objective.kind)?.label ?? objective.kind;
  return objective.kind === 'jsd' ? `${label}, β ${objective.beta}` : label;
}
