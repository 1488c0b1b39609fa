import { countingDevice } from '../gpu/counting-device.ts';
import { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { rmsNormPartialLength } from '../kernels/rmsnorm/rmsnorm.ts';
import type { DecoderConfig } from './config.ts';
import { perProjection, type ProjectionName } from './decoder-parameters.ts';
import type { LoraTensors } from './lora.ts';

/** What one layer stores for its backward. Shapes are [rows, width] unless said otherwise. */
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
  /** After the final norm: what the head sees, dim. A backward may overwrite it. */
  readonly hidden: Tensor;
  /** What is stored for a backward: every layer's activations, its input alone (the rest is recomputed), or too little for one. */
  readonly saved: Saved;
}

export type Saved = 'layers' | 'streams' | 'nothing';

/**
 * What passes need besides what they store: the activations of one layer, two buffers for the residual stream, the final norm's output.
 * Passes on one workspace must not overlap in time: each writes it in its forward, and may read it only until the next one's. A
 * learning pass that recomputes (saved 'streams') keeps its own streams, so its backward may follow the forward of another pass.
 */
export interface Workspace {
  readonly rows: number;
  /** Its `x` is the first of `streams`. */
  readonly layer: LayerActivations;
  readonly streams: readonly [Tensor, Tensor];
  readonly hidden: Tensor;
}

interface ActivationOptions {
  readonly label: string;
  readonly rows: number;
  /** The adapter that layers may have; a workspace has room for what any layer adapts. */
  readonly lora?: LoraTensors | undefined;
}

/** Allocates a workspace in `memory`, which owns it. */
export function createWorkspace(
  memory: Memory,
  config: DecoderConfig,
  options: ActivationOptions,
): Workspace {
  const { label, rows, lora } = options;
  const stream = (index: number): Tensor => memory.tensor(`${label}.${index}.x`, rows * config.dim);
  const streams = [stream(0), stream(1)] as const;
  const adapts = anyLayerAdapts(lora);
  return {
    rows,
    streams,
    layer: createLayer(memory, config, { ...options, label: `${label}.layer`, x: streams[0], adapts }),
    hidden: memory.tensor(`${label}.hidden`, rows * config.dim),
  };
}

/**
 * Allocates activations in `memory`, but for what they take from `workspace`, which they do not own. With `save` 'layers' each layer has
 * its own; with 'streams' each layer's input is kept and the rest is shared; with 'nothing', for teachers and prefill, the residual
 * stream alternates between two buffers. Without a workspace, what is shared is allocated too.
 * @throws RangeError when the workspace has room for fewer rows.
 */
export function createActivations(
  memory: Memory,
  config: DecoderConfig,
  options: ActivationOptions & { readonly save: Saved; readonly workspace?: Workspace | undefined },
): Activations {
  const { label, rows, save, lora, workspace } = options;
  if (workspace && save !== 'layers' && workspace.rows < rows)
    throw new RangeError(`${label} takes ${rows} tokens; the workspace has room for ${workspace.rows}`);
  if (save === 'nothing') {
    const { streams, layer, hidden } = workspace ?? createWorkspace(memory, config, options);
    const stream = (index: number): Tensor => streams[index % 2]!;
    const layers = Array.from({ length: config.layers }, (_, index) => ({ ...layer, x: stream(index) }));
    return { rows, layers, output: stream(config.layers), hidden, saved: save };
  }
  const own = (name: string): Tensor => memory.tensor(`${label}.${name}`, rows * config.dim);
  const streams = Array.from({ length: config.layers + 1 }, (_, index) => own(`${index}.x`));
  const layerOf = (
    name: string,
    x: Tensor,
    adapts: (projection: ProjectionName) => boolean,
  ): LayerActivations => createLayer(memory, config, { ...options, label: `${label}.${name}`, x, adapts });
  const inputs = streams.slice(0, -1);
  const output = streams.at(-1)!;
  if (save === 'layers') {
    const layers = inputs.map((x, index) =>
      layerOf(`${index}`, x, name => Boolean(lora?.layers[index]?.[name])),
    );
    return { rows, layers, output, hidden: own('hidden'), saved: save };
  }
  const layer = workspace?.layer ?? layerOf('layer', output, anyLayerAdapts(lora));
  const hidden = workspace?.hidden ?? own('hidden');
  return { rows, layers: inputs.map(x => ({ ...layer, x })), output, hidden, saved: save };
}

/** Buffers that all layers share need room for what any of them adapts. */
const anyLayerAdapts =
  (lora: LoraTensors | undefined) =>
  (name: ProjectionName): boolean =>
    Boolean(lora?.layers.some(pairs => pairs[name]));

/** Bytes that `createActivations` allocates for these options. */
export function activationBytes(
  config: DecoderConfig,
  options: Parameters<typeof createActivations>[2],
): number {
  const memory = new Memory(countingDevice());
  createActivations(memory, config, options);
  return memory.bytes;
}

function createLayer(
  memory: Memory,
  config: DecoderConfig,
  options: ActivationOptions & { readonly x: Tensor; readonly adapts: (name: ProjectionName) => boolean },
): LayerActivations {
  const { label, rows, lora, x, adapts } = options;
  const { dim, ffn, heads, kvHeads, headDim } = config;
  const tensor = (name: string, width: number): Tensor => memory.tensor(`${label}.${name}`, rows * width);
  return {
    x,
    attentionInput: tensor('attentionInput', dim),
    headInputs: config.qkNorm
      ? { q: tensor('headInputs.q', heads * headDim), k: tensor('headInputs.k', kvHeads * headDim) }
      : undefined,
    q: tensor('q', heads * headDim),
    k: tensor('k', kvHeads * headDim),
    v: tensor('v', kvHeads * headDim),
    attention: tensor('attention', heads * headDim),
    logSumExp: tensor('logSumExp', heads),
    middle: tensor('middle', dim),
    ffnInput: tensor('ffnInput', dim),
    gate: tensor('gate', ffn),
    up: tensor('up', ffn),
    product: tensor('product', ffn),
    loraHidden: perProjection(name => (adapts(name) ? tensor(`${name}.loraHidden`, lora!.rank) : undefined)),
  };
}

/** Scratch of a backward pass over at most `rows` tokens; shared by all layers. */
export interface BackwardScratch {
  /** Gradient of the residual stream, dim. */
  readonly dx: Tensor;
  /** Gradient of a norm's output, dim. */
  readonly dNormed: Tensor;
  readonly dAttention: Tensor;
  readonly dq: Tensor;
  readonly dk: Tensor;
  readonly dv: Tensor;
  /** [rows, heads]. */
  readonly delta: Tensor;
  /** Row-block sums of a norm gain's gradient. */
  readonly normPartial: Tensor;
  /** dy B of the current adapted projection, [rows, rank]. */
  readonly dLoraHidden: Tensor | undefined;
}

export function createBackwardScratch(
  memory: Memory,
  config: DecoderConfig,
  options: { label: string; rows: number; lora?: LoraTensors | undefined },
): BackwardScratch {
  const { label, rows, lora } = options;
  const { dim, heads, kvHeads, headDim } = config;
  const tensor = (name: string, width: number): Tensor => memory.tensor(`${label}.${name}`, rows * width);
  return {
    dx: tensor('dx', dim),
    dNormed: tensor('dNormed', dim),
    dAttention: tensor('dAttention', heads * headDim),
    dq: tensor('dq', heads * headDim),
    dk: tensor('dk', kvHeads * headDim),
    dv: tensor('dv', kvHeads * headDim),
    delta: tensor('delta', heads),
    normPartial: memory.tensor(`${label}.normPartial`, normPartialLength(config, rows)),
    dLoraHidden: lora ? tensor('dLoraHidden', lora.rank) : undefined,
  };
}

/** Enough for the widest norm, and for the per-head norms, which have a row per head. */
function normPartialLength({ dim, heads, headDim, qkNorm }: DecoderConfig, rows: number): number {
  const whole = rmsNormPartialLength({ rows, dim });
  return qkNorm ? Math.max(whole, rmsNormPartialLength({ rows: rows * heads, dim: headDim })) : whole;
}
