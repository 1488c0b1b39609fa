import {
  isDivergence,
  type DivergenceObjective,
  type Objective,
  type PolicyTerms,
  type Shaping,
} from './objectives.ts';

/** Nearer to an end of α than this, the alpha-divergence is that end's KL to f32. */
const ALPHA_END = 2 ** -40;
/** The smallest normal f32: adapters may take what is below for 0. */
const SMALLEST = 2 ** -126;

export interface ObjectiveChoice {
  readonly objective: Objective;
  readonly temperature: number;
  readonly shaping: Shaping;
  readonly policy: PolicyTerms;
}

/**
 * The objective whose formula holds: those of JSD and of the alpha-divergence vanish or divide by zero at their ends, and skewed KLs
 * without a share in the mixture are plain ones.
 * @throws RangeError naming an option, its value and its bounds, or an option that the objective does not have.
 */
export function effectiveObjective({ objective, temperature, shaping, policy }: ObjectiveChoice): Objective {
  const { kind } = objective;
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new RangeError(`temperature ${temperature}: must be a finite number above 0`);
  if (kind !== 'policy-gradient') refuse(policy, ['proximal', 'anchor'], kind);
  if (!isDivergence(objective)) {
    if (temperature !== 1)
      throw new RangeError(`temperature ${temperature}: '${kind}' is defined at temperature 1 only`);
    refuse(shaping, ['topK', 'tokenClip'], kind);
    if (kind === 'policy-gradient') checkPolicy(policy);
    return objective;
  }
  checkShaping(shaping);
  return interior(objective);
}

/** @throws RangeError on an option that is set although the objective of that name does not have it. */
export function refuse<T extends object>(
  options: T,
  names: readonly (keyof T & string)[],
  kind: string,
): void {
  for (const name of names) {
    const value: unknown = options[name];
    if (value)
      throw new RangeError(
        `${name}${typeof value === 'number' ? ` ${value}` : ''}: '${kind}' has no such option`,
      );
  }
}

/** The number that a divergence has of its own, β, λ or α; 0 for the others. */
export function parameterOf(objective: Objective): number {
  switch (objective.kind) {
    case 'jsd':
      return objective.beta;
    case 'skew-forward':
    case 'skew-reverse':
      return objective.lambda;
    case 'alpha':
      return objective.alpha;
    default:
      return 0;
  }
}

function interior(objective: DivergenceObjective): DivergenceObjective {
  const forward = { kind: 'forward-kl' } as const;
  const reverse = { kind: 'reverse-kl' } as const;
  const number = parameterOf(objective);
  switch (objective.kind) {
    case 'jsd':
      within('beta', number, 'the generalised JSD', number <= 1, 'between 0 and 1');
      return number === 0 ? forward : number === 1 ? reverse : objective;
    case 'skew-forward':
    case 'skew-reverse':
      within('lambda', number, `'${objective.kind}'`, number < 1, 'at least 0 and below 1');
      return number >= SMALLEST ? objective : objective.kind === 'skew-forward' ? forward : reverse;
    case 'alpha':
      within('alpha', number, 'the alpha-divergence', number <= 1, 'between 0 and 1');
      return number < ALPHA_END ? reverse : 1 - number < ALPHA_END ? forward : objective;
    default:
      return objective;
  }
}

function within(name: string, value: number, of: string, below: boolean, bounds: string): void {
  if (!(value >= 0 && below)) throw new RangeError(`${name} ${value} of ${of}: must be ${bounds}`);
}

function checkShaping({ topK = 0, tokenClip = 0 }: Shaping): void {
  if (!(Number.isInteger(topK) && topK >= 0))
    throw new RangeError(`topK ${topK}: must be a whole number, 0 for the whole vocabulary`);
  if (!(tokenClip >= 0))
    throw new RangeError(`tokenClip ${tokenClip}: must be a number of nats at or above 0, 0 for off`);
}

function checkPolicy({ proximal, anchor }: PolicyTerms): void {
  if (proximal && !(proximal.clipRatio >= 0 && proximal.clipRatio <= 1))
    throw new RangeError(`clipRatio ${proximal.clipRatio}: must be between 0 and 1, 0 for off`);
  if (anchor && !(anchor.weight >= 0 && Number.isFinite(anchor.weight)))
    throw new RangeError(`weight ${anchor.weight} of the anchor: must be a finite number at or above 0`);
}
