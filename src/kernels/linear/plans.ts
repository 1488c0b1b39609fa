import type { Tuning } from '../../gpu/tuning.ts';
import { spread } from '../elementwise/launch.ts';
import inputPanel from './backward-input-panel.wgsl?raw';
import weightOuter from './backward-weight-outer.wgsl?raw';
import forwardDecode from './forward-decode.wgsl?raw';
import forwardPanel from './forward-panel.wgsl?raw';
import { linearSpec, type LinearDims, type LinearProblem, type LinearSpec } from './specs.ts';
import tiledInput from './tiled-backward-input.wgsl?raw';
import tiledWeight from './tiled-backward-weight.wgsl?raw';
import tiledForward from './tiled-forward.wgsl?raw';
import tiled from './tiled.wgsl?raw';

/** Which kernel computes a product, and how it is cut up. */
export interface Plan {
  readonly spec: LinearSpec;
  /** `u.span` of the kernel. */
  readonly span: number;
  readonly parts: number;
  readonly workgroups: readonly [number, number?, number?];
}

/** Rows up to which a product counts as decoding: the weights are read, the rows hardly matter. */
const DECODE_ROWS = 16;

/** Rows of one workgroup in decoding. */
const DECODE_GROUP = 8;

export function forwardPlan({ software }: Tuning, dims: LinearProblem): Plan {
  const operands = ['x', 'weight', 'bias'] as const;
  const { rows, inDim, outDim } = dims;
  if (software) {
    const panel = panelOf(dims, inDim, outDim);
    return { ...panel, spec: linearSpec('forward-panel', forwardPanel, operands, 'y', panel.counts, dims) };
  }
  if (rows <= DECODE_ROWS) {
    const counts = { ROWS: Math.min(DECODE_GROUP, 2 ** Math.ceil(Math.log2(Math.max(1, rows)))) };
    const spec = linearSpec('forward-decode', forwardDecode, operands, 'y', counts, dims);
    return { spec, span: inDim, parts: 1, workgroups: [quads(outDim), Math.ceil(rows / counts.ROWS)] };
  }
  const tile = tileOf(rows, outDim, inDim, 1);
  const code = `${tiledForward}\n${tiled}`;
  return { ...tile, spec: linearSpec('forward-tiled', code, operands, 'y', tile.counts, dims) };
}

export function backwardInputPlan({ software }: Tuning, dims: LinearProblem): Plan {
  const operands = ['dy', 'weight'] as const;
  const { rows, inDim, outDim } = dims;
  if (software) {
    const panel = panelOf(dims, outDim, inDim);
    const spec = linearSpec('backward-input-panel', inputPanel, operands, 'dx', panel.counts, dims);
    return { ...panel, spec };
  }
  const tile = tileOf(rows, inDim, outDim, 1);
  const code = `${tiledInput}\n${tiled}`;
  return { ...tile, spec: linearSpec('backward-input-tiled', code, operands, 'dx', tile.counts, dims) };
}

/** `room`: how many results of the whole weight fit into scratch; 0 or 1 keeps the sum in one part. */
export function backwardWeightPlan({ software }: Tuning, dims: LinearProblem, room: number): Plan {
  const operands = ['dy', 'x'] as const;
  const most = room < 2 ? 1 : Math.min(room, weightParts(dims));
  const { rows, inDim, outDim } = dims;
  if (software) {
    const { counts, tiles } = outerOf(dims, most);
    const parts = Math.min(most, Math.ceil(ENOUGH / tiles));
    const spec = linearSpec('backward-weight-outer', weightOuter, operands, 'dWeight', counts, dims);
    const workgroups = spread(Math.ceil((tiles * parts) / LANES));
    return { spec, span: Math.ceil(rows / parts), parts, workgroups };
  }
  const tile = tileOf(outDim, inDim, rows, most);
  const code = `${tiledWeight}\n${tiled}`;
  return { ...tile, spec: linearSpec('backward-weight-tiled', code, operands, 'dWeight', tile.counts, dims) };
}

/**
 * Parts into which the sum over the rows of a weight gradient is worth cutting: a small weight has few elements to keep an
 * adapter busy. Depends on nothing but the dimensions.
 */
export function weightParts({ rows, inDim, outDim }: LinearDims): number {
  return Math.max(1, Math.min(32, Math.floor(rows / 64), Math.floor(65_536 / (inDim * outDim))));
}

/** Invocations of a workgroup without barriers: the lanes of the widest software adapter. */
const LANES = 8;

/** Invocations that keep a software adapter of a few cores busy. */
const ENOUGH = 64;

const quads = (length: number): number => Math.ceil(length / 4);

/** The step of at most `most` that cuts `length` into equal pieces, but for rounding. */
const evenly = (length: number, most: number): number => Math.ceil(length / Math.ceil(length / most));

/** A panel of 4 × 2 blocks, less where the sum or the result is that short, and rows enough to pay for loading it. */
function panelOf(
  { rows, inDim, outDim, columns = { start: 0, stride: outDim } }: LinearProblem,
  sum: number,
  width: number,
): Omit<Plan, 'spec'> & { counts: PanelCounts } {
  // Scalar access makes four times the code for the same block.
  const ragged = [inDim, outDim, columns.start, columns.stride].some(elements => elements % 4 !== 0);
  const TILES = Math.min(ragged ? 1 : 2, quads(width));
  const DEPTH = evenly(quads(sum), ragged ? 2 : 4);
  const tiles = Math.ceil(quads(width) / TILES);
  const blocks = Math.max(
    Math.ceil(rows / 64),
    Math.min(Math.ceil(rows / 16), Math.ceil((2 * ENOUGH) / tiles)),
  );
  const span = Math.ceil(rows / Math.max(1, blocks));
  const workgroups = spread(Math.ceil((tiles * blocks) / LANES));
  // A branch in the loop costs more than it looks: it is left out where every tile is whole.
  const GUARD = Number(quads(width) % TILES !== 0);
  return { counts: { DEPTH, TILES, LANES, GUARD }, span, parts: 1, workgroups };
}

type PanelCounts = { DEPTH: number; TILES: number; LANES: number; GUARD: number };

/** The largest tile that still makes enough invocations, given the parts that the sum may be cut into. */
function outerOf({ inDim, outDim }: LinearDims, parts: number): { counts: OuterCounts; tiles: number } {
  const [outs, ins] = [quads(outDim), quads(inDim)];
  const choices = [
    [4, 2],
    [2, 2],
    [2, 1],
    [1, 1],
  ].map(([OUTS = 1, INS = 1]) => {
    const counts = { OUTS: Math.min(OUTS, outs), INS: Math.min(INS, ins), LANES };
    return { counts, tiles: Math.ceil(outs / counts.OUTS) * Math.ceil(ins / counts.INS) };
  });
  return choices.find(({ tiles }) => tiles * parts >= ENOUGH) ?? choices.at(-1)!;
}

type OuterCounts = { OUTS: number; INS: number; LANES: number };

/** Tiles of 64 × 64 where there are enough of them, else of 32 × 32. */
function tileOf(
  height: number,
  width: number,
  sum: number,
  parts: number,
): Omit<Plan, 'spec'> & { counts: { MICRO: number } } {
  const tiles = (edge: number): number => Math.ceil(height / edge) * Math.ceil(width / edge);
  const MICRO = tiles(64) * parts >= 128 ? 2 : 1;
  const edge = 32 * MICRO;
  // Whole rounds of staging, so that no part reads into the next one.
  const span = Math.ceil(quads(sum) / parts / 8) * 8;
  return {
    counts: { MICRO },
    span,
    parts,
    workgroups: [Math.ceil(width / edge), Math.ceil(height / edge), parts],
  };
}
