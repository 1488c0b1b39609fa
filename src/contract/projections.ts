/** The seven linear maps of a decoder layer, by their names in Hugging Face checkpoints. An adapter may sit beside each. */
export const PROJECTIONS = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
] as const;
export type ProjectionName = (typeof PROJECTIONS)[number];
