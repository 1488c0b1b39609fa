import { scaledFrequency } from '../../kernels/rope/frequencies.ts';
import type { DecoderConfig } from '../config.ts';
import { headNormName } from '../decoder-parameters.ts';
import { DATA_TYPE, type OnnxGraph, type Value } from './graph-builder.ts';
import { appendNorm } from './norm-graph.ts';

/** Added to the score of a key that is not to be seen. Finite, so that a row that sees no key at all stays finite too. */
const HIDDEN_SCORE = -1e9;

/** What the attention of all layers shares. */
export interface SharedValues {
  /** Of each token's angles, f32 [batch, sequence, 1, headDim / 2]. */
  readonly cos: Value;
  readonly sin: Value;
  /** 0 where a query may see a key, else `HIDDEN_SCORE`: f32 [batch, 1, sequence, total]. */
  readonly visibility: Value;
  /** The shapes [batch, sequence, heads, headDim] and [batch, sequence, kvHeads, headDim]. */
  readonly queryShape: Value;
  readonly keyShape: Value;
}

/**
 * Cosine and sine of position · theta^(−2i / headDim), or of the frequency that Llama 3 makes of it, looked up in tables of f64 values: WGSL promises sin and cos only
 * 2^-11, and with the operators `Sin` and `Cos` SwiftShader moved logits by 2e-3. The tables end at `contextLength`.
 */
export function appendRotation(
  graph: OnnxGraph,
  { headDim, ropeTheta, ropeScaling, contextLength }: DecoderConfig,
  position: Value,
): Pick<SharedValues, 'cos' | 'sin'> {
  const half = headDim / 2;
  const frequencies = Float64Array.from({ length: half }, (_, i) =>
    scaledFrequency(ropeTheta ** ((-2 * i) / headDim), ropeScaling),
  );
  const table = (name: 'cos' | 'sin'): Value => {
    const data = Float32Array.from({ length: contextLength * half }, (_, at) =>
      Math[name](Math.floor(at / half) * frequencies[at % half]!),
    );
    // The extent of one is that of the heads, which all turn alike.
    const rows = graph.constant(`rope.${name}.table`, 'f32', [contextLength, 1, half], data);
    return graph.node('Gather', `rope.${name}`, [rows, position], { axis: 0 });
  };
  return { cos: table('cos'), sin: table('sin') };
}

/**
 * Query i of a run is token past + i; it sees key j where j ≤ past + i and attention_mask[j] is 1.
 * @param idsShape [batch, sequence] as values
 * @param mask attention_mask, i64 [batch, past + sequence]
 */
export function appendVisibility(graph: OnnxGraph, idsShape: Value, mask: Value): SharedValues['visibility'] {
  const maskShape = graph.node('Shape', 'mask.shape', [mask]);
  const scalarOf = (name: Value, shape: Value): Value =>
    graph.node('Gather', name, [shape, graph.index(1)], { axis: 0 });
  const total = scalarOf('total', maskShape);
  const past = graph.node('Sub', 'past', [total, scalarOf('sequence', idsShape)]);
  const keys = graph.node('Range', 'keys', [graph.index(0), total, graph.index(1)]);
  const queries = graph.node('Range', 'queries', [past, total, graph.index(1)]);
  const queryColumn = graph.node('Unsqueeze', 'queries.column', [queries, graph.integers(1)]);
  const later = graph.node('Greater', 'later', [keys, queryColumn]);
  const kept = graph.node('Cast', 'mask.bool', [mask], { to: DATA_TYPE.bool });
  const padding = graph.node('Not', 'padding', [kept]);
  const paddingPerQuery = graph.node('Unsqueeze', 'padding.4d', [padding, graph.integers(1, 2)]);
  const hidden = graph.node('Or', 'hidden', [later, paddingPerQuery]);
  return graph.node('Where', 'visibility', [hidden, graph.scalar(HIDDEN_SCORE), graph.scalar(0)]);
}

/**
 * Grouped-query attention of one layer, its keys and values appended to the cache. The queries of a group are taken as more
 * rows of its key-value head, so keys and values are never repeated.
 * @param rows q [batch · sequence, heads · headDim], k and v [batch · sequence, kvHeads · headDim], neither normalised nor rotated yet
 * @returns [batch · sequence, heads · headDim]; the graph has `present.{layer}.key` and `.value` then
 */
export function appendAttention(
  graph: OnnxGraph,
  config: DecoderConfig,
  shared: SharedValues,
  layer: number,
  rows: { readonly q: Value; readonly k: Value; readonly v: Value },
): Value {
  const { heads, kvHeads, headDim } = config;
  const named = (name: string): Value => `layers.${layer}.${name}`;
  // In a shape, 0 keeps the extent and −1 is what is left.
  const reshape = (name: string, x: Value, ...shape: number[]): Value =>
    graph.node('Reshape', named(name), [x, graph.integers(...shape)]);
  const split = (name: string, x: Value, shape: Value): Value =>
    graph.node('Reshape', named(name), [x, shape]);
  /** Heads of queries or keys, each normalised where the model does so, and turned. */
  const turned = (side: 'q' | 'k', x: Value, shape: Value): Value => {
    const byHead = split(`${side}.heads`, x, shape);
    const gain = headNormName(layer, side);
    const ready = config.qkNorm ? appendNorm(graph, config, named(`${side}_norm`), byHead, gain) : byHead;
    return appendTurn(graph, named(side), ready, shared, headDim);
  };
  /** [batch, sequence, heads, headDim] and [batch, heads, sequence, headDim], either from the other. */
  const swapped = (name: string, x: Value): Value =>
    graph.node('Transpose', named(name), [x], { perm: [0, 2, 1, 3] });
  const cached = (part: 'key' | 'value', x: Value): Value =>
    graph.node('Concat', `present.${layer}.${part}`, [`past_key_values.${layer}.${part}`, x], { axis: 2 });

  const q = turned('q', rows.q, shared.queryShape);
  const k = turned('k', rows.k, shared.keyShape);
  const keys = cached('key', swapped('k.byHead', k));
  const values = cached('value', swapped('v.byHead', split('v.heads', rows.v, shared.keyShape)));

  const scaled = graph.node('Mul', named('q.scaled'), [q, graph.scalar(1 / Math.sqrt(headDim))]);
  const queries = reshape('q.grouped', swapped('q.byHead', scaled), 0, kvHeads, -1, headDim);
  const turnedKeys = graph.node('Transpose', named('k.columns'), [keys], { perm: [0, 1, 3, 2] });
  const products = graph.node('MatMul', named('scores.grouped'), [queries, turnedKeys]);
  const scores = reshape('scores', products, 0, heads, -1, 0);
  const visible = graph.node('Add', named('scores.visible'), [scores, shared.visibility]);
  const weights = graph.node('Softmax', named('weights'), [visible], { axis: -1 });
  const grouped = reshape('weights.grouped', weights, 0, kvHeads, -1, 0);
  const mixed = graph.node('MatMul', named('mixed.grouped'), [grouped, values]);
  const byToken = swapped('mixed.byToken', reshape('mixed', mixed, 0, heads, -1, headDim));
  return reshape('attention', byToken, -1, heads * headDim);
}

/** RoPE (Su et al. 2021) of x [batch, sequence, heads, headDim]; dimension i is paired with i + headDim / 2. */
function appendTurn(
  graph: OnnxGraph,
  name: string,
  x: Value,
  { cos, sin }: SharedValues,
  headDim: number,
): Value {
  const low = `${name}.low`;
  const high = `${name}.high`;
  graph.nodes('Split', [low, high], [x, graph.integers(headDim / 2, headDim / 2)], { axis: -1 });
  const times = (half: Value, by: Value): Value => graph.node('Mul', `${half}.${by}`, [half, by]);
  const newLow = graph.node('Sub', `${name}.turned.low`, [times(low, cos), times(high, sin)]);
  const newHigh = graph.node('Add', `${name}.turned.high`, [times(high, cos), times(low, sin)]);
  return graph.node('Concat', `${name}.turned`, [newLow, newHigh], { axis: -1 });
}
