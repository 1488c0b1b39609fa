import { z } from 'zod';
import { QUERY_KINDS } from '../contract/world.ts';
import { isDivergence, type Divergence, type Objective } from '../settings/objectives.ts';
import { count, numbers, type Frozen } from './fields.ts';

/** Tokens in order with a number each, flat: index into the record's `pieces`, number, index, number, … */
export type PieceList = readonly number[];

/**
 * One answer to a held-out query, read token by token out of the divergence head at a step. Numbers have four significant digits;
 * log-probabilities, entropies and divergences are in nats. The lists have an entry a token: its position in the answer.
 */
export const inspectionSchema = z
  .object({
    step: count,
    prompt: z.string(),
    kind: z.enum(QUERY_KINDS),
    /**
     * `current`: what the student answers at this step. `initial`: what it answered before step 1, the same text at every step; at
     * step 0 they are one, and told once, as `initial`.
     */
    answer: z.enum(['current', 'initial']),
    /** The answer y as indices into `pieces`, its end of turn included. */
    tokens: numbers,
    /** The token's loss under the run's divergence, or its reverse KL at τ = 1 where the objective is none (`inspectedObjective`). */
    divergence: numbers,
    /** log π(y_t) of student, teacher and base at τ = 1. */
    student: numbers,
    teacher: numbers,
    base: numbers,
    studentEntropy: numbers,
    teacherEntropy: numbers,
    /** Likeliest next tokens with their probabilities; those below `LEAST_PROBABILITY` are left out after the first. */
    topStudent: z.array(numbers),
    topTeacher: z.array(numbers),
    topBase: z.array(numbers),
    /**
     * The most negative and the most positive entries of ∂loss/∂z_S, the gradient of the token's own loss: a step of descent raises
     * the logits of the first and lowers those of the second. What is below `LEAST_PULL` is left out.
     */
    raised: z.array(numbers),
    lowered: z.array(numbers),
    /** Texts of the tokens that the record names, each once. */
    pieces: z.array(z.string()),
  })
  .refine(
    ({ tokens, ...record }) =>
      Object.values(record).every(
        list => !Array.isArray(list) || list === record.pieces || list.length === tokens.length,
      ),
    'every list has an entry a token',
  );
export type InspectionRecord = Frozen<z.infer<typeof inspectionSchema>>;

/** Likeliest tokens and strongest pulls that a record keeps of each token. */
export const INSPECTED_ENTRIES = 5;

export const LEAST_PROBABILITY = 1e-3;

/** A pull that is smaller, or below `share` of the token's strongest one, is left out. */
export const LEAST_PULL = { gradient: 1e-4, share: 0.02 };

/** The divergence that an inspection measures: the run's own, or the reverse KL where its objective is no divergence. */
export function inspectedObjective({ objective }: { readonly objective: Objective }): Divergence {
  return isDivergence(objective) ? objective : { kind: 'reverse-kl' };
}
