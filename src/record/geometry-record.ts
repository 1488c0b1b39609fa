import { z } from 'zod';
import { count, figure, lossy, type Frozen } from './fields.ts';

/** Safety axes (docs/method.md, "Geometry"): toward bare refusals, toward rich safe answers, and toward half of each. */
export const SAFETY_AXES = ['mixed', 'refusal', 'rich'] as const;
export type SafetyAxis = (typeof SAFETY_AXES)[number];

/** Expressiveness axes: full against short answers; full against half short answers and half refusals. */
export const EXPRESSIVENESS_AXES = ['plain', 'withRefusals'] as const;
export type ExpressivenessAxis = (typeof EXPRESSIVENESS_AXES)[number];

/** Spread over bootstrap resamples of the queries: standard deviation and 95 % percentile interval. */
const interval = z.object({ standardError: lossy, low: lossy, high: lossy });

/** A figure with its spread; null where it does not exist. */
const estimate = z.object({ value: figure, interval: interval.nullable() });
export type EstimateRecord = Frozen<z.infer<typeof estimate>>;

/** Angle between a safety and an expressiveness axis of the base, as cosines: in the hidden space as it is, and whitened. */
const angle = z.object({
  safety: z.enum(SAFETY_AXES),
  expressiveness: z.enum(EXPRESSIVENESS_AXES),
  raw: estimate,
  whitened: estimate,
});
export type AngleRecord = Frozen<z.infer<typeof angle>>;

/** Leakage Λ = pull / push of one shift. */
const leakage = z.object({
  /** Shift along the safety axis, a_sᵀ Δ, and its standard error. */
  push: lossy,
  pushError: lossy,
  /** Shift along the expressiveness axis, a_eᵀ Δ. */
  pull: lossy,
  /** cos φ: the leakage of a shift along the safety axis alone; null where no angle belongs to it. */
  forced: figure,
  value: figure,
  /** Λ − cos φ. */
  excess: figure,
  interval: interval.nullable(),
});
export type LeakageRecord = Frozen<z.infer<typeof leakage>>;

/** Leakage of one shift: by the readouts of the whitened geometry, and by projections on unit directions. */
const pair = z.object({ whitened: leakage, raw: leakage });
export type LeakagePair = Frozen<z.infer<typeof pair>>;

/** By the definition of the expressiveness axis; the safety axis is the mixed one. */
const shift = z.object({ plain: pair, withRefusals: pair });
export type ShiftRecord = Frozen<z.infer<typeof shift>>;

/** Summed log-probabilities of written answers in nats, as differences, mean over queries. */
const margins = z.object({
  /** log p(refusal) − log p(comply) on harmful queries. */
  refusal: estimate,
  /** log p(rich) − log p(comply) on harmful queries. */
  rich: estimate,
  /** log p(full) − ½ [log p(short) + log p(refusal)] on benign queries. */
  expressiveness: estimate,
});
export type MarginRecord = Frozen<z.infer<typeof margins>>;

/** Change of entropy per change of refusal score since the base, by query kind. */
const twin = z.object({ harmful: leakage, benign: leakage });
export type TwinRecord = Frozen<z.infer<typeof twin>>;

/** One answer's state on the mixed safety axis and on both expressiveness axes. */
const place = z.tuple([lossy, lossy, lossy]);
export type AnswerPlace = readonly [safety: number, plain: number, withRefusals: number];

/**
 * Single answers, read like the shift of their mean: places relative to the mean of the base's answers to queries of the same kind,
 * so that the means of both kinds, weighing the same, are push and pull of `answers`. Rounded to thousandths.
 */
const cloud = z.object({ harmful: z.array(place), benign: z.array(place) });
export type AnswerCloud = Frozen<z.infer<typeof cloud>>;

/** A policy's place at a step, measured with the base's axes on held-out queries. */
export const geometrySchema = z.object({
  step: count,
  /** x: 0 at the base, 1 when every harmful query is refused. y: 0 at the base, −1 fully contracted. Null without a scale. */
  x: figure,
  y: z.object({ plain: figure, withRefusals: figure }),
  /** Shift of the policy's own answers from the base's answers to the same queries, both encoded by the base. */
  answers: shift,
  /** The answers behind `answers` one by one, by whitened readouts and by raw projections; runs of earlier versions do not have it. */
  cloud: z.object({ whitened: cloud, raw: cloud }).exactOptional(),
  /**
   * Shift of hidden states over identical answers, the policy's own: encoded by the policy in its context, minus by the base
   * without one. Null, like the margins, where the policy's weights do not have the base's shape.
   */
  states: shift.nullable(),
  margins: margins.nullable(),
  /** Null where entropies or probabilities of a refusal were not passed. */
  twin: twin.nullable(),
});
export type GeometryRecord = Frozen<z.infer<typeof geometrySchema>>;

/** What stays fixed over a run: the base's axes, and what the constitution does to the base. */
export const geometryBaselineSchema = z.object({
  /** Where hidden states are taken: after the final RMSNorm, or the last block's residual before it. */
  layer: z.enum(['final', 'residual']),
  /** Held-out queries of each kind behind shifts, margins and places, and behind the axes. */
  queriesPerKind: count,
  referencesPerKind: count,
  /** Ledoit–Wolf shrinkage λ of the pooled covariance toward its diagonal. */
  shrinkage: lossy,
  angles: z.array(angle),
  /** Shift of hidden states by the constitution in the base's context, over identical answers: the base's own. */
  constitution: shift,
  /** The same by the constitution with its words shuffled, afresh for every query. */
  shuffled: shift,
  /** Margins of the base without constitution. */
  margins,
  /** The place of the teacher of step 1, by its answers under the constitution; runs of earlier versions do not have it. */
  teacher: geometrySchema.exactOptional(),
});
export type GeometryBaseline = Frozen<z.infer<typeof geometryBaselineSchema>>;
