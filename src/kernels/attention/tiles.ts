import type { Gpu } from '../../gpu/gpu.ts';

export interface HeadShape {
  readonly heads: number;
  /** Divides heads. */
  readonly kvHeads: number;
  readonly headDim: number;
}

/** What one invocation keeps in registers: tokens × heads queries (or tokens keys), and how many keys it takes at a time. */
export interface Tile {
  readonly tokens: number;
  /** Query heads of one group; divides heads / kvHeads. */
  readonly heads: number;
  /** Keys between updates of the running maximum. */
  readonly keys: number;
}

/** A tile, and a workgroup of invocations that iterate over the same keys or queries: headLanes × tokenLanes tiles. */
export interface PackedTile extends Tile {
  /** Divides the number of tiles of heads. */
  readonly headLanes: number;
  readonly tokenLanes: number;
}

/** A tile of `attentionDecode`: `lanes` invocations share the keys of a tile, `queries` tiles make a workgroup. */
export interface DecodeTile extends Tile {
  readonly lanes: number;
  readonly queries: number;
}

/**
 * Mesa's software adapter (llvmpipe, lavapipe). It runs 8 invocations at once where SwiftShader runs 4, and compiles each access to a buffer
 * into a branch per invocation: a tile must be small for the compiler, not for the processor.
 */
export function isLlvmpipe({ device }: Gpu): boolean {
  return /llvmpipe/i.test(device.adapterInfo.description);
}

/** Elements of a head: vec4 where its size allows, else scalars. */
export function vectorsOf(headDim: number): number {
  return headDim % 4 === 0 ? headDim / 4 : headDim;
}

export function forwardTile(gpu: Gpu, shape: HeadShape): PackedTile {
  if (!gpu.tuning.software) return hardwareTile(shape.heads, shape.headDim > 64 ? 1 : 2);
  return isLlvmpipe(gpu) ? softwareTile(gpu, shape, 4, 32, 1) : softwareTile(gpu, shape, 8, 48, 2);
}

export function backwardQueriesTile(gpu: Gpu, shape: HeadShape): PackedTile {
  return gpu.tuning.software
    ? softwareTile(gpu, shape, 4, isLlvmpipe(gpu) ? 24 : 32, 1)
    : hardwareTile(shape.heads, 1);
}

/** Tile of key owners: heads is 1, because a key has no heads of its own. */
export function backwardKeysTile(gpu: Gpu, shape: HeadShape): PackedTile {
  if (!gpu.tuning.software) return hardwareTile(shape.kvHeads, 1);
  return softwareTile(gpu, { ...shape, heads: shape.kvHeads }, 4, isLlvmpipe(gpu) ? 24 : 32, 1);
}

export function decodeTile(gpu: Gpu, { heads, kvHeads, headDim }: HeadShape): DecodeTile {
  if (!gpu.tuning.software) {
    // Every adapter grants 16 KiB to share: the partial results of a query take 4 · lanes · headDim bytes and two numbers a lane.
    const queries = headDim <= 56 ? 4 : headDim <= 112 ? 2 : 1;
    return { tokens: 1, heads: 1, keys: 2, lanes: headDim <= 224 ? 16 : 8, queries };
  }
  const most = Math.max(1, Math.min(4, Math.floor(32 / vectorsOf(headDim))));
  return { tokens: 1, heads: divisor(heads / kvHeads, most), keys: 1, lanes: 1, queries: lanesOf(gpu) };
}

/**
 * On a CPU a load costs as much as eight multiply-adds of its width, whether or not its neighbours load the same: several queries an
 * invocation divide it. At most `owned` of them, and at most `vectors` vectors, because compile time grows with the size of the
 * unrolled tile. Lanes are heads first, so that a workgroup has few tokens and thus few masked keys.
 */
function softwareTile(
  gpu: Gpu,
  { heads, kvHeads, headDim }: HeadShape,
  owned: number,
  vectors: number,
  keys: number,
): PackedTile {
  const most = Math.max(1, Math.min(owned, Math.floor(vectors / vectorsOf(headDim))));
  const group = divisor(heads / kvHeads, most);
  const lanes = lanesOf(gpu);
  let headLanes = lanes;
  while ((heads / group) % headLanes !== 0) headLanes /= 2;
  return {
    tokens: Math.floor(most / group),
    heads: group,
    keys,
    headLanes,
    tokenLanes: lanes / headLanes,
  };
}

/** One query or key per invocation, since registers are scarce; 32 or 64 invocations that read the same addresses, or two. */
function hardwareTile(heads: number, keys: number): PackedTile {
  return { tokens: 1, heads: 1, keys, headLanes: divisor(heads, 2), tokenLanes: 32 };
}

/** Invocations that the adapter runs at once. */
function lanesOf(gpu: Gpu): number {
  return isLlvmpipe(gpu) ? 8 : 4;
}

/** Largest divisor of `n` that is at most `most`. */
function divisor(n: number, most: number): number {
  let d = Math.min(n, most);
  while (n % d !== 0) d--;
  return d;
}
