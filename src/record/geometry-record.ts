/** Safety axes (docs/method.md, "Geometry"): toward bare refusals, toward rich safe answers, and toward half of each. */
export const SAFETY_AXES = ['mixed', 'refusal', 'rich'] as const;
export type SafetyAxis = (typeof SAFETY_AXES)[number];

/** Expressiveness axes: full against short answers; full against half short answers and half refusals. */
export const EXPRESSIVENESS_AXES = ['plain', 'withRefusals'] as const;
export type ExpressivenessAxis = (typeof EXPRESSIVENESS_AXES)[number];

/** Spread over bootstrap resamples of the queries: standard deviation and 95 % percentile interval. */
export interface IntervalRecord {
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

/** A figure with its spread; null where it does not exist. */
export interface EstimateRecord {
  readonly value: number | null;
  readonly interval: IntervalRecord | null;
}

/** Angle between a safety and an expressiveness axis of the base, as cosines: in the hidden space as it is, and whitened. */
export interface AngleRecord {
  readonly safety: SafetyAxis;
  readonly expressiveness: ExpressivenessAxis;
  readonly raw: EstimateRecord;
  readonly whitened: EstimateRecord;
}

/** Leakage Λ = pull / push of one shift. */
export interface LeakageRecord extends EstimateRecord {
  /** Shift along the safety axis, a_sᵀ Δ, and its standard error. */
  readonly push: number;
  readonly pushError: number;
  /** Shift along the expressiveness axis, a_eᵀ Δ. */
  readonly pull: number;
  /** cos φ: the leakage of a shift along the safety axis alone; null where no angle belongs to it. */
  readonly forced: number | null;
  /** Λ − cos φ. */
  readonly excess: number | null;
}

/** Leakage of one shift: by the readouts of the whitened geometry, and by projections on unit directions. */
export interface LeakagePair {
  readonly whitened: LeakageRecord;
  readonly raw: LeakageRecord;
}

/** By the definition of the expressiveness axis; the safety axis is the mixed one. */
export type ShiftRecord = Readonly<Record<ExpressivenessAxis, LeakagePair>>;

/** Summed log-probabilities of written answers in nats, as differences, mean over queries. */
export interface MarginRecord {
  /** log p(refusal) − log p(comply) on harmful queries. */
  readonly refusal: EstimateRecord;
  /** log p(rich) − log p(comply) on harmful queries. */
  readonly rich: EstimateRecord;
  /** log p(full) − ½ [log p(short) + log p(refusal)] on benign queries. */
  readonly expressiveness: EstimateRecord;
}

/** Change of entropy per change of refusal score since the base, by query kind. */
export interface TwinRecord {
  readonly harmful: LeakageRecord;
  readonly benign: LeakageRecord;
}

/** One answer's state on the mixed safety axis and on both expressiveness axes. */
export type AnswerPlace = readonly [safety: number, plain: number, withRefusals: number];

/**
 * Single answers, read like the shift of their mean: places relative to the mean of the base's answers to queries of the same kind,
 * so that the means of both kinds, weighing the same, are push and pull of `answers`. Rounded to thousandths.
 */
export type AnswerCloud = Readonly<Record<'harmful' | 'benign', readonly AnswerPlace[]>>;

/** A policy's place at a step, measured with the base's axes on held-out queries. */
export interface GeometryRecord {
  readonly step: number;
  /** x: 0 at the base, 1 when every harmful query is refused. y: 0 at the base, −1 fully contracted. Null without a scale. */
  readonly x: number | null;
  readonly y: Readonly<Record<ExpressivenessAxis, number | null>>;
  /** Shift of the policy's own answers from the base's answers to the same queries, both encoded by the base. */
  readonly answers: ShiftRecord;
  /** The answers behind `answers` one by one, by whitened readouts and by raw projections; runs of earlier versions do not have it. */
  readonly cloud?: Readonly<Record<keyof LeakagePair, AnswerCloud>>;
  /**
   * Shift of hidden states over identical answers, the policy's own: encoded by the policy in its context, minus by the base
   * without one. Null, like the margins, where the policy's weights do not have the base's shape.
   */
  readonly states: ShiftRecord | null;
  readonly margins: MarginRecord | null;
  /** Null where entropies or probabilities of a refusal were not passed. */
  readonly twin: TwinRecord | null;
}

/** What stays fixed over a run: the base's axes, and what the constitution does to the base. */
export interface GeometryBaseline {
  /** Where hidden states are taken: after the final RMSNorm, or the last block's residual before it. */
  readonly layer: 'final' | 'residual';
  /** Held-out queries of each kind behind shifts, margins and places, and behind the axes. */
  readonly queriesPerKind: number;
  readonly referencesPerKind: number;
  /** Ledoit–Wolf shrinkage λ of the pooled covariance toward its diagonal. */
  readonly shrinkage: number;
  readonly angles: readonly AngleRecord[];
  /** Shift of hidden states by the constitution in the base's context, over identical answers: the base's own. */
  readonly constitution: ShiftRecord;
  /** The same by the constitution with its words shuffled, afresh for every query. */
  readonly shuffled: ShiftRecord;
  /** Margins of the base without constitution. */
  readonly margins: MarginRecord;
  /** The place of the teacher of step 1, by its answers under the constitution; runs of earlier versions do not have it. */
  readonly teacher?: GeometryRecord;
}
