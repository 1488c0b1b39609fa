import type { Tensor } from '../gpu/tensor.ts';
import type { DecoderConfig } from './config.ts';
import {
  perProjection,
  projectionPath,
  projectionShape,
  PROJECTIONS,
  type ProjectionName,
} from './decoder-parameters.ts';
import { layoutParameters, type NamedArrays, type ParameterLayout, type ParameterSet } from './parameters.ts';

/** Low-rank adaptation (Hu et al. 2021): y += (alpha / rank) · (x Aᵀ) Bᵀ with A [rank, in] and B [out, rank]. */
export interface LoraShape {
  readonly rank: number;
  readonly alpha: number;
  readonly targets: readonly ProjectionName[];
  /** Adapt the last so many layers; 0, the default, adapts all. */
  readonly lastLayers?: number;
}

/** Whether a projection of a layer is adapted. */
const adapts = (
  { targets, lastLayers = 0 }: LoraShape,
  { layers }: DecoderConfig,
  layer: number,
  name: ProjectionName,
): boolean => targets.includes(name) && (lastLayers === 0 || layer >= layers - lastLayers);

/** A and B of one projection: weights, or their gradients. */
export interface LoraPair {
  readonly a: Tensor;
  readonly b: Tensor;
}

/** Pairs by layer and projection; undefined where the projection is not adapted. */
export interface LoraTensors {
  readonly rank: number;
  /** alpha / rank. */
  readonly scale: number;
  readonly layers: readonly Readonly<Record<ProjectionName, LoraPair | undefined>>[];
}

/** PEFT's name of an adapter matrix. */
export function loraName(layer: number, name: ProjectionName, matrix: 'A' | 'B'): string {
  return `base_model.model.${projectionPath(layer, name)}.lora_${matrix}.weight`;
}

/** Every adapter matrix under PEFT's names. */
export function loraLayout(config: DecoderConfig, shape: LoraShape): ParameterLayout {
  const { rank } = shape;
  const shapes: [string, number[]][] = [];
  for (let layer = 0; layer < config.layers; layer++)
    for (const name of PROJECTIONS.filter(projection => adapts(shape, config, layer, projection))) {
      const { inDim, outDim } = projectionShape(config, name);
      shapes.push([loraName(layer, name, 'A'), [rank, inDim]], [loraName(layer, name, 'B'), [outDim, rank]]);
    }
  return layoutParameters(shapes);
}

/** Views of a flat set (of `loraLayout`) by layer and projection. */
export function loraTensors(config: DecoderConfig, shape: LoraShape, set: ParameterSet): LoraTensors {
  return {
    rank: shape.rank,
    scale: shape.alpha / shape.rank,
    layers: Array.from({ length: config.layers }, (_, layer) =>
      perProjection(name =>
        adapts(shape, config, layer, name)
          ? { a: set.tensor(loraName(layer, name, 'A')), b: set.tensor(loraName(layer, name, 'B')) }
          : undefined,
      ),
    ),
  };
}

/**
 * Fresh adapter: A ~ N(0, 1/in), B = 0, so that the adapted model starts equal to its base.
 * @param normal draws from the standard normal distribution
 */
export function initialLora(layout: ParameterLayout, normal: () => number): NamedArrays {
  return new Map(
    layout.entries.map(({ name, shape, length }) => {
      const deviation = name.includes('.lora_A.') ? (shape[1] ?? 1) ** -0.5 : 0;
      const data = new Float32Array(length);
      if (deviation > 0) for (let i = 0; i < length; i++) data[i] = deviation * normal();
      return [name, { shape, data }];
    }),
  );
}
