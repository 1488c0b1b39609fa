import { EXPRESSIVENESS_AXES, SAFETY_AXES, type AngleRecord } from '../../record/geometry-record.ts';
import { directions, referenceMeans, whitenedCosine, type Directions, type ReferenceStates } from './axes.ts';
import { bootstrap, RESAMPLES, resample, type Uniform } from './resampling.ts';
import { cosine, type CholeskyFactor } from './linear-algebra.ts';

/**
 * Angles between every safety and every expressiveness axis, raw and whitened, with the spread over queries: harmful and benign
 * queries are resampled, all answers to a query together, with Σ held fixed.
 */
export function angles(states: ReferenceStates, factor: CholeskyFactor, uniform: Uniform): AngleRecord[] {
  const found = directions(referenceMeans(states));
  const drawn = Array.from({ length: RESAMPLES }, () =>
    directions(
      referenceMeans(states, {
        harmful: resample(states.harmful.refusal.length, uniform),
        benign: resample(states.benign.full.length, uniform),
      }),
    ),
  );
  return SAFETY_AXES.flatMap(safety =>
    EXPRESSIVENESS_AXES.map(expressiveness => {
      const raw = (from: Directions): number | null =>
        cosine(from.safety[safety], from.expressiveness[expressiveness]);
      const whitened = (from: Directions): number | null =>
        whitenedCosine(factor, from.safety[safety], from.expressiveness[expressiveness]);
      const spread = (statistic: typeof raw): ReturnType<typeof bootstrap> => {
        const values = drawn.values();
        return bootstrap(() => statistic(values.next().value!));
      };
      return {
        safety,
        expressiveness,
        raw: { value: raw(found), interval: spread(raw) },
        whitened: { value: whitened(found), interval: spread(whitened) },
      };
    }),
  );
}
