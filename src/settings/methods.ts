import { isDivergenceKind, isPolicyGradient, type Objective } from './method-config.ts';
import type { RunConfig } from './run-config.ts';
import { parameterOf, parameterValue } from './objective-parameters.ts';

/** A way to move the student, as a person picks it. */
export interface Method {
  readonly kind: Objective['kind'];
  readonly label: string;
  readonly formula: string;
  readonly why: string;
}

interface MethodGroup {
  readonly title: string;
  readonly methods: readonly Method[];
}

export const METHOD_GROUPS: readonly MethodGroup[] = [
  {
    title: 'Divergence over all next tokens',
    methods: [
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
        formula: 'β KL(teacher ‖ m) + (1 − β) KL(student ‖ m), m = (1 − β) student + β teacher',
        why: 'Between the two and bounded: β near 0 acts as forward, near 1 as reverse KL.',
      },
      {
        kind: 'skew-forward',
        label: 'Skewed forward KL',
        formula: 'KL(teacher ‖ λ teacher + (1 − λ) student)',
        why: 'Forward KL with bounded gradients: steadier while student and teacher are far apart.',
      },
      {
        kind: 'skew-reverse',
        label: 'Skewed reverse KL',
        formula: 'KL(student ‖ λ student + (1 − λ) teacher)',
        why: 'Reverse KL that does not explode on tokens which the teacher would never say.',
      },
      {
        kind: 'alpha',
        label: 'α-divergence',
        formula: '(1 − Σ teacher^α student^(1 − α)) / (α (1 − α))',
        why: 'A path from reverse to forward KL without a mixture, at the same strength near the teacher.',
      },
    ],
  },
  {
    title: 'Policy gradient on the tokens drawn',
    methods: [
      {
        kind: 'sampled-advantage',
        label: 'Sampled advantage',
        formula: 'log teacher − log student, normalised over the query’s tokens',
        why: 'Each drawn token is weighed by how much more the teacher likes it. Noisier; wants several rollouts a query.',
      },
      {
        kind: 'group-reward',
        label: 'Group reward (GRPO)',
        formula: '(reward − mean) / deviation over the query’s answers',
        why: 'The judge rewards whole answers, relative to the others to the same query; no teacher.',
      },
    ],
  },
  {
    title: 'Supervised',
    methods: [
      {
        kind: 'supervised',
        label: 'Fine-tuning on given answers',
        formula: '−log student(answer)',
        why: 'Imitates answers written by someone else: no rollouts, no teacher.',
      },
    ],
  },
];

export const METHODS: readonly Method[] = METHOD_GROUPS.flatMap(({ methods }) => methods);

const method = (kind: Objective['kind']): Method | undefined => METHODS.find(each => each.kind === kind);

export function methodOf(objective: Objective): Method {
  const { kind } = objective;
  return method(kind) ?? { kind, label: kind, formula: '', why: '' };
}

/** Whether a teacher scores the student's tokens. */
export function usesTeacher({ objective }: Pick<RunConfig, 'objective'>): boolean {
  return objective.kind !== 'group-reward' && objective.kind !== 'supervised';
}

function objectiveOf(kind: Objective['kind']): Objective {
  switch (kind) {
    case 'jsd':
      return { kind, beta: parameterOf(kind)?.usual ?? 0.5 };
    case 'skew-forward':
    case 'skew-reverse':
      return { kind, lambda: parameterOf(kind)?.usual ?? 0.1 };
    case 'alpha':
      return { kind, alpha: parameterOf(kind)?.usual ?? 0.5 };
    case 'supervised':
      return { kind, answers: 'rich' };
    default:
      return { kind };
  }
}

/** Rollouts of a group compare with each other; elsewhere one of each of more queries teaches more. */
function withGroups(config: RunConfig, from: Objective['kind'], to: Objective['kind']): RunConfig {
  const answers = config.queries * config.rolloutsPerQuery;
  if (isPolicyGradient(to) && config.rolloutsPerQuery === 1)
    return answers % 4 === 0
      ? { ...config, queries: answers / 4, rolloutsPerQuery: 4 }
      : { ...config, rolloutsPerQuery: 4 };
  if (!isPolicyGradient(to) && isPolicyGradient(from) && answers <= 256)
    return { ...config, queries: answers, rolloutsPerQuery: 1 };
  return config;
}

/** `config` with another objective; what has a meaning under the old one only is set back along with it. */
export function withMethod(config: RunConfig, kind: Objective['kind']): RunConfig {
  const from = config.objective.kind;
  if (kind === from) return config;
  const { shaping, policyGradient } = config;
  const divergence = isDivergenceKind(kind);
  return withGroups(
    {
      ...config,
      objective: objectiveOf(kind),
      divergenceTemperature: divergence ? config.divergenceTemperature : 1,
      shaping: divergence ? shaping : { ...shaping, topK: 0, tokenClip: 0 },
      policyGradient: kind === 'sampled-advantage' ? policyGradient : { ...policyGradient, outcomeKinds: [] },
    },
    from,
    kind,
  );
}

/** An objective in a few words, its number included. */
export function methodLabel(objective: Objective): string {
  const { label } = methodOf(objective);
  if (objective.kind === 'supervised')
    return objective.answers === 'refuse' ? 'Fine-tuning on refusals' : 'Fine-tuning on rich answers';
  const parameter = parameterOf(objective.kind);
  return parameter ? `${label}, ${parameter.symbol} ${parameterValue(objective)}` : label;
}
