import type { Objective } from './method-config.ts';

/** The one number that an objective has of its own. */
export interface ObjectiveParameter {
  readonly key: 'beta' | 'lambda' | 'alpha';
  readonly symbol: string;
  readonly min: number;
  readonly max: number;
  readonly range: string;
  /** Value to begin with. */
  readonly usual: number;
  /** What it weighs, and where the formula switches. */
  readonly why: string;
  /** What a value does: to the formula at an end, else to the strength of the pull near the teacher. */
  effect(value: number): string;
}

const share = (factor: number): string => `${Number(factor.toPrecision(2))} of a KL’s`;

const BETA: ObjectiveParameter = {
  key: 'beta',
  symbol: 'β',
  min: 0,
  max: 1,
  range: '0 to 1',
  usual: 0.5,
  why: 'Weight of the teacher in the mixture, as in TRL. The inner formula vanishes at both ends, so the loss switches there: 0 is forward KL, 1 reverse KL, at full strength.',
  effect(value) {
    if (value === 0) return 'At 0 the loss is forward KL, at full strength.';
    if (value === 1) return 'At 1 the loss is reverse KL, at full strength.';
    return `Pull near the teacher: β (1 − β) = ${share(value * (1 - value))}.`;
  },
};

const LAMBDA: Omit<ObjectiveParameter, 'why' | 'effect'> = {
  key: 'lambda',
  symbol: 'λ',
  min: 0,
  max: 0.95,
  range: '0 to below 1',
  usual: 0.1,
};
const lambdaEffect =
  (end: string) =>
  (value: number): string =>
    value === 0
      ? `At 0 it is the plain ${end}.`
      : `Pull near the teacher: (1 − λ)² = ${share((1 - value) ** 2)}.`;

const PARAMETERS: Partial<Record<Objective['kind'], ObjectiveParameter>> = {
  jsd: BETA,
  'skew-forward': {
    ...LAMBDA,
    why: 'Share of the teacher in the mixture: keeps the ratio, and so the gradient, bounded where the student never goes. 0 is forward KL; toward 1 the pull fades.',
    effect: lambdaEffect('forward KL'),
  },
  'skew-reverse': {
    ...LAMBDA,
    why: 'Share of the student in the mixture: keeps the loss bounded on tokens that the teacher never says. 0 is reverse KL; toward 1 the pull fades.',
    effect: lambdaEffect('reverse KL'),
  },
  alpha: {
    key: 'alpha',
    symbol: 'α',
    min: 0,
    max: 1,
    range: '0 to 1',
    usual: 0.5,
    why: 'Goes from reverse KL at 0 to forward KL at 1, where the formula switches to them. Near the teacher every α pulls alike; far from it α decides what is forgiven.',
    effect(value) {
      if (value === 0) return 'At 0 the loss is reverse KL.';
      if (value === 1) return 'At 1 the loss is forward KL.';
      return 'Pull near the teacher: as strong as a KL’s.';
    },
  },
};

/** The number of an objective of that kind, or null where it has none. */
export function parameterOf(kind: Objective['kind']): ObjectiveParameter | null {
  return PARAMETERS[kind] ?? null;
}

/** β, λ or α of `objective`; NaN where it has none. */
export function parameterValue(objective: Objective): number {
  switch (objective.kind) {
    case 'jsd':
      return objective.beta;
    case 'skew-forward':
    case 'skew-reverse':
      return objective.lambda;
    case 'alpha':
      return objective.alpha;
    default:
      return NaN;
  }
}

/** `objective` with another β, λ or α; as it is where it has none. */
export function withParameter(objective: Objective, value: number): Objective {
  switch (objective.kind) {
    case 'jsd':
      return { kind: objective.kind, beta: value };
    case 'skew-forward':
    case 'skew-reverse':
      return { kind: objective.kind, lambda: value };
    case 'alpha':
      return { kind: objective.kind, alpha: value };
    default:
      return objective;
  }
}
