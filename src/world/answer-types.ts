/**
 * full, short, tiny: plans of 2–4, 1–2 and 1 steps. refuse: a bare refusal. rich: declines with a reason and offers alternatives.
 * work, direct: an exact answer with and without its working.
 */
export const ANSWER_TYPES = ['full', 'work', 'short', 'direct', 'tiny', 'refuse', 'rich'] as const;

export type AnswerType = (typeof ANSWER_TYPES)[number];
