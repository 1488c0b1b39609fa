import type { DecoderConfig } from '../config.ts';
import { EMBEDDING, hasBias, headName, projectionPath, type ProjectionName } from '../decoder-parameters.ts';
import { appendAttention, appendRotation, appendVisibility, type SharedValues } from './attention-graph.ts';
import type { Extent, OnnxGraph, Value } from './graph-builder.ts';
import { appendNorm } from './norm-graph.ts';

/** Extents that each run decides; transformers.js sizes an empty cache by these names (`batch_size`, all others 0). */
const BATCH = 'batch_size';
const SEQUENCE = 'sequence_length';
const PAST = 'past_sequence_length';
const TOTAL = 'total_sequence_length';

/**
 * Appends inputs, nodes and outputs of the decoder (the formulas of `decoderForward`) to a graph. Tokens are the rows of one
 * matrix [batch · sequence, dim] outside attention: `Gemm` then takes weights [out, in] as they lie in checkpoints, adds their biases,
 * and a tied head needs no second, transposed copy.
 */
export function appendDecoder(graph: OnnxGraph, config: DecoderConfig): void {
  const { vocab, layers, heads, kvHeads, headDim } = config;
  const ids = graph.input('input_ids', 'i64', [BATCH, SEQUENCE]);
  const mask = graph.input('attention_mask', 'i64', [BATCH, TOTAL]);
  const position = graph.input('position_ids', 'i64', [BATCH, SEQUENCE]);
  const cache = (length: Extent): Extent[] => [BATCH, kvHeads, length, headDim];
  for (let layer = 0; layer < layers; layer++) {
    graph.input(`past_key_values.${layer}.key`, 'f32', cache(PAST));
    graph.input(`past_key_values.${layer}.value`, 'f32', cache(PAST));
  }

  const idsShape = graph.node('Shape', 'ids.shape', [ids]);
  /** The shape [batch, sequence, …rest]. */
  const perToken = (name: string, ...rest: number[]): Value =>
    graph.node('Concat', name, [idsShape, graph.integers(...rest)], { axis: 0 });
  const shared: SharedValues = {
    ...appendRotation(graph, config, position),
    visibility: appendVisibility(graph, idsShape, mask),
    queryShape: perToken('query.shape', heads, headDim),
    keyShape: perToken('key.shape', kvHeads, headDim),
  };

  const rows = graph.node('Reshape', 'ids.rows', [ids, graph.integers(-1)]);
  let x = graph.node('Gather', 'embedded', [EMBEDDING, rows], { axis: 0 });
  for (let layer = 0; layer < layers; layer++) x = appendLayer(graph, config, shared, layer, x);
  const hidden = appendNorm(graph, config, 'norm', x, 'model.norm.weight');
  const logits = graph.node('Gemm', 'logits.rows', [hidden, headName(config)], { transB: 1 });
  graph.node('Reshape', 'logits', [logits, perToken('logits.shape', vocab)]);

  graph.output('logits', 'f32', [BATCH, SEQUENCE, vocab]);
  for (let layer = 0; layer < layers; layer++) {
    graph.output(`present.${layer}.key`, 'f32', cache(TOTAL));
    graph.output(`present.${layer}.value`, 'f32', cache(TOTAL));
  }
}

/** x += o(attention) of norm(x), then x += down(silu(gate) · up) of norm(x). Rows in, rows out. */
function appendLayer(
  graph: OnnxGraph,
  config: DecoderConfig,
  shared: SharedValues,
  layer: number,
  x: Value,
): Value {
  const named = (name: string): Value => `layers.${layer}.${name}`;
  const project = (name: ProjectionName, input: Value): Value => {
    const path = projectionPath(layer, name);
    const bias = hasBias(config, name) ? [`${path}.bias`] : [];
    return graph.node('Gemm', named(name), [input, `${path}.weight`, ...bias], { transB: 1 });
  };
  const norm = (name: string, input: Value): Value =>
    appendNorm(graph, config, named(name), input, `model.layers.${layer}.${name}.weight`);

  const attentionInput = norm('input_layernorm', x);
  const attention = appendAttention(graph, config, shared, layer, {
    q: project('q_proj', attentionInput),
    k: project('k_proj', attentionInput),
    v: project('v_proj', attentionInput),
  });
  const middle = graph.node('Add', named('middle'), [x, project('o_proj', attention)]);

  const ffnInput = norm('post_attention_layernorm', middle);
  const gate = project('gate_proj', ffnInput);
  const gateSigmoid = graph.node('Sigmoid', named('gate.sigmoid'), [gate]);
  const silu = graph.node('Mul', named('gate.silu'), [gate, gateSigmoid]);
  const product = graph.node('Mul', named('product'), [silu, project('up_proj', ffnInput)]);
  return graph.node('Add', named('output'), [middle, project('down_proj', product)]);
}
