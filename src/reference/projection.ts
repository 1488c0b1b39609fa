import { accumulate, addInto, tensorOf, type DecoderModel, type Gradients } from './decoder.ts';
import { linear, linearBackwardBias, linearBackwardInput, linearBackwardWeight } from './linear.ts';
import type { LinearShape } from './linear.ts';
import { lora, loraBackward, type LoraPair } from './lora.ts';

/** One pass through a linear layer of the decoder, with what its backward needs. */
export interface Projection {
  readonly name: string;
  readonly shape: LinearShape;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** x Aᵀ where the layer is adapted. */
  readonly down?: Float64Array;
}

/** y = x Wᵀ (+ bias) (+ (alpha/rank) (x Aᵀ) Bᵀ) of the layer of that name. */
export function project(model: DecoderModel, name: string, x: Float64Array, shape: LinearShape): Projection {
  const weight = tensorOf(model.parameters, `${name}.weight`);
  const y = linear(x, weight, shape, model.parameters.get(`${name}.bias`));
  const pair = loraPair(model, name);
  if (!pair) return { name, shape, x, y };
  const { delta, down } = lora(x, pair, shape);
  addInto(y, delta);
  return { name, shape, x, y, down };
}

/** Adds the gradients of the layer's tensors to `gradients` and returns dx. */
export function projectBackward(
  model: DecoderModel,
  { name, shape, x, down }: Projection,
  dy: Float64Array,
  gradients: Gradients,
): Float64Array {
  const dx = linearBackwardInput(dy, tensorOf(model.parameters, `${name}.weight`), shape);
  accumulate(gradients, `${name}.weight`, linearBackwardWeight(dy, x, shape));
  if (model.parameters.has(`${name}.bias`)) {
    accumulate(gradients, `${name}.bias`, linearBackwardBias(dy, shape));
  }
  const pair = loraPair(model, name);
  if (pair && down) {
    const adapted = loraBackward(dy, x, down, pair, shape);
    addInto(dx, adapted.dx);
    accumulate(gradients, loraName(name, 'A'), adapted.da);
    accumulate(gradients, loraName(name, 'B'), adapted.db);
  }
  return dx;
}

/** PEFT's name of a LoRA matrix. */
function loraName(projection: string, side: 'A' | 'B'): string {
  return `base_model.model.${projection}.lora_${side}.weight`;
}

function loraPair({ adapter }: DecoderModel, name: string): LoraPair | undefined {
  if (!adapter?.matrices.has(loraName(name, 'A'))) return undefined;
  return {
    a: tensorOf(adapter.matrices, loraName(name, 'A')),
    b: tensorOf(adapter.matrices, loraName(name, 'B')),
    rank: adapter.rank,
    alpha: adapter.alpha,
  };
}
