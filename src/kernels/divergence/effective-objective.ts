import { isDivergence, objectiveOf, parameterOf, type Divergence } from '../../settings/objectives.ts';
import type { PolicyTerms, Shaping, TokenObjective } from './objectives.ts';

export interface ObjectiveChoice {
  readonly objective: TokenObjective;
  readonly temperature: number;
  readonly shaping: Shaping;
  readonly policy: PolicyTerms;
}

/**
 * The objective whose formula holds: at an end of its number a divergence is a plain KL.
 * @throws RangeError naming an option, its value and its bounds, or an option that the objective does not have.
 */
export function effectiveObjective({
  objective,
  temperature,
  shaping,
  policy,
}: ObjectiveChoice): TokenObjective {
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
function refuse<T extends object>(options: T, names: readonly (keyof T & string)[], kind: string): void {
  for (const name of names) {
    const value: unknown = options[name];
    if (value)
      throw new RangeError(
        `${name}${typeof value === 'number' ? ` ${value}` : ''}: '${kind}' has no such option`,
      );
  }
}

/** The plain KL that a divergence is at an end of its number, else the divergence itself. */
function interior(divergence: Divergence): Divergence {
  const { parameter, schema } = objectiveOf(divergence.kind);
  const number = parameterOf(divergence);
  if (!parameter || number === undefined) return divergence;
  const { key, ends } = parameter;
  const { error } = schema.safeParse(divergence);
  if (error) throw new RangeError(`${key} ${number} of '${divergence.kind}': ${error.issues[0]?.message}`);
  const end = ends.find(({ at, within = 0 }) => number === at || Math.abs(number - at) < within);
  return end ? { kind: end.becomes } : divergence;
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
