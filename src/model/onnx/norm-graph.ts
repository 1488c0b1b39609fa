import type { DecoderConfig } from '../config.ts';
import type { OnnxGraph, Value } from './graph-builder.ts';

/** RMSNorm over the last axis, in the form that runtimes know and fuse: gain · x / sqrt(mean(x²) + ε). */
export function appendNorm(
  graph: OnnxGraph,
  config: DecoderConfig,
  name: Value,
  x: Value,
  gain: Value,
): Value {
  const square = graph.node('Pow', `${name}.square`, [x, graph.scalar(2)]);
  const mean = graph.node('ReduceMean', `${name}.mean`, [square], { axes: [-1], keepdims: 1 });
  const shifted = graph.node('Add', `${name}.shifted`, [mean, graph.scalar(config.normEps)]);
  const deviation = graph.node('Sqrt', `${name}.deviation`, [shifted]);
  const normed = graph.node('Div', `${name}.normed`, [x, deviation]);
  return graph.node('Mul', name, [normed, gain]);
}
