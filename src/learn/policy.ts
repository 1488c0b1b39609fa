import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { adamw } from '../kernels/adamw/adamw.ts';
import { fill } from '../kernels/elementwise/elementwise.ts';
import { wholeTensor } from '../kernels/embedding/token-table.ts';
import { gradientNorm, gradientNormPartialLength } from '../kernels/gradient-norm/gradient-norm.ts';
import { inverseFrequencies } from '../kernels/rope/frequencies.ts';
import type { StepEncoder } from '../gpu/encoder.ts';
import type { DecoderConfig } from '../model/config.ts';
import type { DecoderGradients } from '../model/decoder-backward.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import { decoderLayout, decoderTensors } from '../model/decoder-parameters.ts';
import { initialLora, loraLayout, loraTensors, type LoraShape } from '../model/lora.ts';
import {
  ParameterSet,
  type NamedArrays,
  type ParameterLayout,
  type WeightStore,
} from '../model/parameters.ts';

/** Frozen weights on the GPU, ready to run: a teacher, or the base that an adapter sits on. */
export interface FrozenModel {
  readonly parameters: WeightStore;
  readonly decoder: Decoder;
}

/** Uploads f32 weights into one buffer. Owned by `memory`. @throws RangeError when a parameter is missing or misshapen. */
export function loadModel(
  gpu: Gpu,
  memory: Memory,
  config: DecoderConfig,
  arrays: NamedArrays,
): FrozenModel & { readonly parameters: ParameterSet } {
  const parameters = new ParameterSet(memory, 'base', decoderLayout(config));
  parameters.upload(gpu, arrays);
  return { ...frozenModel(gpu, memory, config, parameters), parameters };
}

/** A decoder on weights that are, or will be, filled. Its own small buffers are owned by `memory`. */
export function frozenModel(
  gpu: Gpu,
  memory: Memory,
  config: DecoderConfig,
  parameters: WeightStore,
): FrozenModel {
  const frequencies = inverseFrequencies(config.headDim, config.ropeTheta, config.ropeScaling);
  const tensor = memory.tensor('inverseFrequencies', frequencies.length);
  gpu.write(tensor, frequencies);
  return {
    parameters,
    decoder: {
      config,
      weights: decoderTensors(config, parameters),
      lora: undefined,
      inverseFrequencies: tensor,
    },
  };
}

/** The base with other trainable values: all weights of `set`, or the adapter in it. Buffers stay those of `base` and `set`. */
export function decoderWith(base: FrozenModel, lora: LoraShape | null, set: ParameterSet): Decoder {
  const { config } = base.decoder;
  return lora
    ? { ...base.decoder, lora: loraTensors(config, lora, set) }
    : { ...base.decoder, weights: decoderTensors(config, set) };
}

/** @throws RangeError where a weight is not f32 or lies in parts: all weights cannot be trained then. */
function copyWeights(gpu: Gpu, from: WeightStore, to: ParameterSet): void {
  const encoder = gpu.encoder();
  for (const { name, length } of from.layout.entries) {
    const source = from.tensor(name);
    if (source.dtype !== 'f32')
      throw new RangeError(
        `${name} is stored as ${source.dtype}: train an adapter, or load the weights as f32`,
      );
    encoder.copy(source, to.tensor(name), length);
  }
  encoder.submit();
}

/** AdamW's settings for one step (Loshchilov & Hutter 2019). */
export interface OptimizerStep {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
}

/** What a learner needs to continue from: its trainable values and AdamW's moments after `step` updates. */
export interface LearnerState {
  readonly step: number;
  readonly trainable: Float32Array<ArrayBuffer>;
  readonly m: Float32Array<ArrayBuffer>;
  readonly v: Float32Array<ArrayBuffer>;
}

/**
 * A decoder that learns: a full copy of the base, or a LoRA adapter on it. Holds gradients and AdamW's moments. A step with a
 * gradient that is not finite changes nothing (`adamw` skips it on the GPU), so the weights stay the last good ones.
 */
export class Learner {
  readonly decoder: Decoder;
  readonly trainable: ParameterSet;
  /** Gradients of `trainable`, under the same names; a step leaves them unclipped. */
  readonly gradientSet: ParameterSet;
  readonly gradients: DecoderGradients;
  /** Head gradient target: the embedding's where they are tied; undefined under LoRA. */
  readonly headGradient: Tensor | undefined;
  /** [norm, clip scale, count of non-finite elements (u32 bits), –] of the last step's gradient. */
  readonly norm: Tensor;
  readonly #gpu: Gpu;
  readonly #m: Tensor;
  readonly #v: Tensor;
  readonly #partial: Tensor;
  step = 0;

  constructor(
    gpu: Gpu,
    memory: Memory,
    base: FrozenModel,
    options: { lora: LoraShape | null; normal: () => number },
  ) {
    const { config } = base.decoder;
    const { lora } = options;
    const layout: ParameterLayout = lora ? loraLayout(config, lora) : decoderLayout(config);
    this.#gpu = gpu;
    this.trainable = new ParameterSet(memory, lora ? 'adapter' : 'student', layout);
    this.gradientSet = new ParameterSet(memory, 'gradients', layout);
    this.#m = memory.tensor('moments.m', layout.total);
    this.#v = memory.tensor('moments.v', layout.total);
    this.#partial = memory.tensor('gradientNorm.partial', gradientNormPartialLength(layout.total));
    this.norm = memory.tensor('gradientNorm', 4);
    if (lora) {
      this.trainable.upload(gpu, initialLora(layout, options.normal));
      this.gradients = { kind: 'lora', lora: loraTensors(config, lora, this.gradientSet) };
    } else {
      copyWeights(gpu, base.parameters, this.trainable);
      this.gradients = { kind: 'full', weights: decoderTensors(config, this.gradientSet) };
    }
    this.decoder = decoderWith(base, lora, this.trainable);
    this.headGradient = this.gradients.kind === 'full' ? wholeTensor(this.gradients.weights.head) : undefined;
  }

  zeroGradients(encoder: StepEncoder): void {
    const { all } = this.gradientSet;
    fill(encoder, { x: all, value: 0, length: all.length });
  }

  /** Measures the gradient's global norm, and with it the scale by which `adamw` clips. `maxNorm` 0 clips nothing. */
  clip(encoder: StepEncoder, maxNorm: number): void {
    const { all: gradients } = this.gradientSet;
    const { length } = gradients;
    gradientNorm(encoder, { gradients, length, maxNorm, partial: this.#partial, result: this.norm });
  }

  /** AdamW on what the backward left in the gradients, scaled by the last `clip`; counts the step. */
  adamw(encoder: StepEncoder, optimizer: OptimizerStep): void {
    const { learningRate, beta1, beta2, epsilon, weightDecay } = optimizer;
    const { all: gradients } = this.gradientSet;
    if (!encoder.dry) this.step++;
    adamw(encoder, {
      parameters: this.trainable.all,
      gradients,
      m: this.#m,
      v: this.#v,
      clip: this.norm,
      length: gradients.length,
      learningRate,
      beta1,
      beta2,
      epsilon,
      weightDecay,
      step: Math.max(1, this.step),
    });
  }

  async state(): Promise<LearnerState> {
    const { readback } = this.#gpu;
    return {
      step: this.step,
      trainable: await readback.f32(this.trainable.all),
      m: await readback.f32(this.#m),
      v: await readback.f32(this.#v),
    };
  }

  restore(state: LearnerState): void {
    this.step = state.step;
    this.#gpu.write(this.trainable.all, state.trainable);
    this.#gpu.write(this.#m, state.m);
    this.#gpu.write(this.#v, state.v);
  }
}
