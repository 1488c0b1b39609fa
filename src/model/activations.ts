import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { rmsNormPartialLength } from '../kernels/rmsnorm/rmsnorm.ts';
import type { DecoderConfig } from './config.ts';
import { perProjection, type ProjectionName } from './decoder-parameters.ts';
import type { LoraTensors } from './lora.ts';

/** What one layer leaves for its backward. Shapes are [rows, width] unless said otherwise. */
export interface LayerActivations {
  /** Residual stream entering the layer, dim. */
  readonly x: Tensor;
  readonly attentionInput: Tensor;
  /** Before the norms of the heads, where the model has them; [rows, heads · headDim] and [rows, kvHeads · headDim]. */
  readonly headInputs: { readonly q: Tensor; readonly k: Tensor } | undefined;
  /** After RoPE. */
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  readonly attention: Tensor;
  /** [rows, heads]. */
  readonly logSumExp: Tensor;
  /** Residual stream between attention and feed-forward, dim. */
  readonly middle: Tensor;
  readonly ffnInput: Tensor;
  readonly gate: Tensor;
  readonly up: Tensor;
  /** silu(gate) · up, ffn. */
  readonly product: Tensor;
  /** x Aᵀ of each adapted projection, [rows, rank]. */
  readonly loraHidden: Readonly<Record<ProjectionName, Tensor | undefined>>;
}

/** Activations of a forward pass over at most `rows` tokens. */
export interface Activations {
  readonly rows: number;
  readonly layers: readonly LayerActivations[];
  /** Residual stream after the last layer, dim. */
  readonly output: Tensor;
  /** After the final norm: what the head sees, dim. */
  readonly hidden: Tensor;
  /** Whether every layer has buffers of its own; without, a backward is impossible. */
  readonly saved: boolean;
}

/**
 * Allocates activations. With `save` each layer keeps its own, for a backward; without, all layers share one set and the
 * residual stream alternates between two buffers: for teachers and prefill.
 */
export function createActivations(
  memory: Memory,
  config: DecoderConfig,
  options: { label: string; rows: number; save: boolean; lora?: LoraTensors | undefined },
): Activations {
  const { label, rows, save, lora } = options;
  const { dim, ffn, heads, kvHeads, headDim, layers } = config;
  const tensor = (name: string, width: number): Tensor => memory.tensor(`${label}.${name}`, rows * width);
  // A shared set serves every layer, so it needs room for what any of them adapts.
  const adapts = (name: ProjectionName, index: number): boolean =>
    save ? Boolean(lora?.layers[index]?.[name]) : Boolean(lora?.layers.some(pairs => pairs[name]));
  const layer = (index: number, x: Tensor): LayerActivations => ({
    x,
    attentionInput: tensor(`${index}.attentionInput`, dim),
    headInputs: config.qkNorm
      ? {
          q: tensor(`${index}.headInputs.q`, heads * headDim),
          k: tensor(`${index}.headInputs.k`, kvHeads * headDim),
        }
      : undefined,
    q: tensor(`${index}.q`, heads * headDim),
    k: tensor(`${index}.k`, kvHeads * headDim),
    v: tensor(`${index}.v`, kvHeads * headDim),
    attention: tensor(`${index}.attention`, heads * headDim),
    logSumExp: tensor(`${index}.logSumExp`, heads),
    middle: tensor(`${index}.middle`, dim),
    ffnInput: tensor(`${index}.ffnInput`, dim),
    gate: tensor(`${index}.gate`, ffn),
    up: tensor(`${index}.up`, ffn),
    product: tensor(`${index}.product`, ffn),
    loraHidden: perProjection(name =>
      adapts(name, index) ? tensor(`${index}.${name}.loraHidden`, lora!.rank) : undefined,
    ),
  });
  const stream = (index: number): Tensor => tensor(`${index}.x`, dim);
  const streams = save
    ? Array.from({ length: layers + 1 }, (_, index) => stream(index))
    : alternate([stream(0), stream(1)], layers + 1);
  const shared = save ? undefined : layer(0, streams[0]!);
  return {
    rows,
    layers: Array.from({ length: layers }, (_, index) => {
      const x = streams[index]!;
      return shared ? { ...shared, x } : layer(index, x);
    }),
    output: streams[layers]!,
    hidden: tensor('hidden', dim),
    saved: save,
  };
}

function alternate(pair: readonly [Tensor, Tensor], count: number): Tensor[] {
  return Array.from({ length: count }, (_, index) => pair[index % 2]!);
}

/** Scratch of a backward pass over at most `rows` tokens; shared by all layers. */
export interface BackwardScratch {
  /** Gradient of the residual stream, dim. */
  readonly dx: Tensor;
  /** Gradient of a norm's output, dim. */
  readonly dNormed: Tensor;
  readonly dProduct: Tensor;
  readonly dAttention: Tensor;
  readonly dq: Tensor;
  readonly dk: Tensor;
  readonly dv: Tensor;
  /** [rows, heads]. */
  readonly delta: Tensor;
  /** Row-block sums of a norm gain's gradient. */
  readonly normPartial: Tensor;
  /** dy B of the adapted projection at hand, [rows, rank]. */
  readonly dLoraHidden: Tensor | undefined;
}

export function createBackwardScratch(
  memory: Memory,
  config: DecoderConfig,
  options: { label: string; rows: number; lora?: LoraTensors | undefined },
): BackwardScratch {
  const { label, rows, lora } = options;
  const { dim, ffn, heads, kvHeads, headDim } = config;
  const tensor = (name: string, width: number): Tensor => memory.tensor(`${label}.${name}`, rows * width);
  return {
    dx: tensor('dx', dim),
    dNormed: tensor('dNormed', dim),
    dProduct: tensor('dProduct', ffn),
    dAttention: tensor('dAttention', heads * headDim),
    dq: tensor('dq', heads * headDim),
    dk: tensor('dk', kvHeads * headDim),
    dv: tensor('dv', kvHeads * headDim),
    delta: tensor('delta', heads),
    normPartial: memory.tensor(`${label}.normPartial`, normPartialLength(config, rows)),
    dLoraHidden: lora ? tensor('dLoraHidden', lora.rank) : undefined,
  };
}

/** Room for the widest norm, and for those of the heads, which see a row for each of them. */
function normPartialLength({ dim, heads, headDim, qkNorm }: DecoderConfig, rows: number): number {
  const whole = rmsNormPartialLength({ rows, dim });
  return qkNorm ? Math.max(whole, rmsNormPartialLength({ rows: rows * heads, dim: headDim })) : whole;
}
