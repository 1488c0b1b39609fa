import type { RopeScaling } from '../kernels/rope/frequencies.ts';
import { ConfigFields } from './config-fields.ts';

/** transformers' defaults. */
const DEFAULT_THETA = 10_000;

/**
 * RoPE's base and scaling from either layout of transformers: `rope_theta` beside `rope_scaling`, or both in `rope_parameters`.
 * `rope_scaling` goes first where both stand, as in transformers. Its types default and llama3 are supported.
 * @throws UnsupportedConfigError naming the field.
 */
export function readRope(
  fields: ConfigFields,
  contextLength: number,
): { readonly ropeTheta: number; readonly ropeScaling: RopeScaling | null } {
  const path = fields.get('rope_scaling') === null ? 'rope_parameters' : 'rope_scaling';
  const rope = new ConfigFields(fields.get(path) ?? {}, path);
  fields.only('partial_rotary_factor', 1);
  rope.only('partial_rotary_factor', 1);
  const ropeTheta = rope.real('rope_theta', fields.real('rope_theta', DEFAULT_THETA));
  // Older files say `type`.
  const type = rope.oneOf(rope.has('rope_type') ? 'rope_type' : 'type', ['default', 'llama3'], 'default');
  if (type === 'default') return { ropeTheta, ropeScaling: null };
  const ropeScaling = {
    factor: rope.real('factor'),
    lowFreqFactor: rope.real('low_freq_factor'),
    highFreqFactor: rope.real('high_freq_factor'),
    originalContextLength: rope.count('original_max_position_embeddings', contextLength),
  };
  if (ropeScaling.highFreqFactor <= ropeScaling.lowFreqFactor)
    throw rope.refusal(
      'high_freq_factor',
      `more than low_freq_factor ${ropeScaling.lowFreqFactor} is needed`,
    );
  return { ropeTheta, ropeScaling };
}

/** As older and newer versions of transformers read it, beside `rope_theta`. */
export function writeRope(scaling: RopeScaling | null): Readonly<Record<string, unknown>> | null {
  return (
    scaling && {
      rope_type: 'llama3',
      factor: scaling.factor,
      low_freq_factor: scaling.lowFreqFactor,
      high_freq_factor: scaling.highFreqFactor,
      original_max_position_embeddings: scaling.originalContextLength,
    }
  );
}
