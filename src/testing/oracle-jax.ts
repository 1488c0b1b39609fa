import { defaultDevice, init, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { headName } from '../reference/decoder-forward.ts';
import type { DecoderConfig, DecoderModel } from '../reference/decoder.ts';
import type { DivergenceOptions } from '../reference/divergence.ts';
import type { PackedBatch } from '../reference/packed-batch.ts';
import type { PolicyGradientTerms } from '../reference/policy-gradient.ts';

/*
 * The decoder and its losses once more, as formulas for an automatic differentiator: jax-js on its wasm backend, in f64 but for exp and
 * log, which it computes to about 1e-7. It shares no arithmetic with the reference: attention is dense under a mask, the embedding a
 * product with one-hot rows, gradients are derived.
 *
 * jax-js moves arrays: an operation consumes its operands; `.ref` keeps one for another use.
 */

// jax-js tests arrays of every type with `instanceof Float16Array`, which Node has from 24 on: where it is missing, a class without
// instances stands in. Delete this with support for older Node.
if (!('Float16Array' in globalThis)) {
  Reflect.set(globalThis, 'Float16Array', { [Symbol.hasInstance]: () => false });
}

export interface OracleTask {
  readonly model: DecoderModel;
  readonly batch: PackedBatch;
  /** Tokens whose logits enter the loss, their weights there, and the tokens that follow them. */
  readonly rows: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
  readonly objective: OracleObjective;
}

export type OracleObjective =
  | { readonly kind: 'cross-entropy' }
  | (PolicyGradientTerms & {
      readonly kind: 'policy-gradient';
      /** [rows], constant. */
      readonly advantage: ArrayLike<number>;
    })
  | (DivergenceOptions & {
      /** [rows, vocab], constant. */
      readonly teacherLogits: ArrayLike<number>;
    });

export interface OracleAnswer {
  /** Σ_r weights[r] · loss of row r. */
  readonly loss: number;
  /** Gradient of the loss by name, for every parameter and every matrix of the adapter. */
  readonly gradients: ReadonlyMap<string, Float64Array>;
}

type Tensors = Record<string, np.Array>;

/** Loss and every gradient by automatic differentiation, of every variant of the reference's decoder but Llama 3's scaling of RoPE. */
export async function oracleLossAndGradients(task: OracleTask): Promise<OracleAnswer> {
  await init('wasm');
  defaultDevice('wasm');
  const { model } = task;
  const shapes = tensorShapes(model);
  const tensors: Tensors = {};
  for (const [name, values] of [...model.parameters, ...(model.adapter?.matrices ?? [])]) {
    const shape = shapes(name, values.length);
    tensors[name] = f64(values, shape);
  }
  const [loss, gradients] = valueAndGrad((given: Tensors) => {
    const value = lossOf(
      task,
      logitsOf(task, name => given[name]!.ref),
    );
    for (const tensor of Object.values(given)) tensor.dispose();
    return value;
  })(tensors);
  const read = new Map<string, Float64Array>();
  for (const [name, gradient] of Object.entries(gradients)) {
    read.set(name, Float64Array.from(await gradient.data()));
  }
  return { loss: (await loss.data())[0]!, gradients: read };
}

function logitsOf({ model, batch, rows }: OracleTask, get: (name: string) => np.Array): np.Array {
  const { config, parameters } = model;
  const { hidden, layers, rmsNormEps, headDim } = config;
  const norm = (x: np.Array, name: string): np.Array => {
    const variance = np.mean(np.square(x.ref), -1, { keepdims: true });
    return x.div(np.sqrt(variance.add(rmsNormEps))).mul(get(`${name}.weight`));
  };
  /** Each head on its own, where the model has such norms. */
  const headNorm = (x: np.Array, name: string): np.Array => {
    if (!parameters.has(`${name}.weight`)) return x;
    const { shape } = x;
    return norm(x.reshape([-1, headDim]), name).reshape(shape);
  };
  const project = (x: np.Array, name: string): np.Array => {
    const { adapter } = model;
    const pair = `base_model.model.${name}.lora_`;
    const product = np.matmul(x.ref, get(`${name}.weight`).transpose());
    const y = parameters.has(`${name}.bias`) ? product.add(get(`${name}.bias`)) : product;
    if (!adapter?.matrices.has(`${pair}A.weight`)) {
      x.dispose();
      return y;
    }
    const down = np.matmul(x, get(`${pair}A.weight`).transpose());
    const up = np.matmul(down, get(`${pair}B.weight`).transpose());
    return y.add(up.mul(adapter.alpha / adapter.rank));
  };

  let x = np.matmul(oneHot(batch.ids, config.vocab), get('model.embed_tokens.weight'));
  for (let l = 0; l < layers; l++) {
    const prefix = `model.layers.${l}`;
    const normed = norm(x.ref, `${prefix}.input_layernorm`);
    const attended = attend(
      config,
      batch,
      headNorm(project(normed.ref, `${prefix}.self_attn.q_proj`), `${prefix}.self_attn.q_norm`),
      headNorm(project(normed.ref, `${prefix}.self_attn.k_proj`), `${prefix}.self_attn.k_norm`),
      project(normed, `${prefix}.self_attn.v_proj`),
    );
    x = x.add(project(attended, `${prefix}.self_attn.o_proj`));
    const ffnIn = norm(x.ref, `${prefix}.post_attention_layernorm`);
    const gate = nn.silu(project(ffnIn.ref, `${prefix}.mlp.gate_proj`));
    const up = project(ffnIn, `${prefix}.mlp.up_proj`);
    x = x.add(project(gate.mul(up), `${prefix}.mlp.down_proj`));
  }
  const picked = np.matmul(oneHot(rows, batch.ids.length), norm(x, 'model.norm')).reshape([-1, hidden]);
  return np.matmul(picked, get(headName(model)).transpose());
}

/** Dense attention [heads, tokens, tokens] under the mask of the packed batch. */
function attend(config: DecoderConfig, batch: PackedBatch, q: np.Array, k: np.Array, v: np.Array): np.Array {
  const { heads, kvHeads, headDim, ropeTheta } = config;
  const tokens = batch.ids.length;
  const byHead = (x: np.Array, count: number): np.Array =>
    x.reshape([tokens, count, headDim]).transpose([1, 0, 2]);
  const grouped = (x: np.Array): np.Array => np.repeat(byHead(x, kvHeads), heads / kvHeads, 0);
  const half = headDim / 2;
  const angles = Float64Array.from({ length: tokens * headDim }, (_, at) => {
    const frequency = ropeTheta ** ((-2 * (at % half)) / headDim);
    return batch.position[Math.floor(at / headDim)]! * frequency;
  });
  const turn = (x: np.Array): np.Array => {
    const cos = f64(angles.map(Math.cos), [tokens, headDim]);
    const sin = f64(angles.map(Math.sin), [tokens, headDim]);
    const swapped = np.concatenate(
      [x.ref.slice([], [], [half, headDim]).neg(), x.ref.slice([], [], [0, half])],
      -1,
    );
    return x.mul(cos).add(swapped.mul(sin));
  };
  const scores = np
    .matmul(turn(byHead(q, heads)), np.swapaxes(turn(grouped(k)), -1, -2))
    .div(Math.sqrt(headDim));
  const mask = Float64Array.from({ length: tokens * tokens }, (_, at) => {
    const [i, j] = [Math.floor(at / tokens), at % tokens];
    return j <= i && batch.seqStart[j] === batch.seqStart[i] ? 0 : -1e30;
  });
  const weights = nn.softmax(scores.add(f64(mask, [tokens, tokens])), -1);
  return np
    .matmul(weights, grouped(v))
    .transpose([1, 0, 2])
    .reshape([tokens, heads * headDim]);
}

function lossOf({ model, targets, weights, objective }: OracleTask, logits: np.Array): np.Array {
  const { vocab } = model.config;
  const logProb = (): np.Array => nn.logSoftmax(logits, -1).mul(oneHot(targets, vocab)).sum(-1);
  const rowLoss =
    objective.kind === 'cross-entropy'
      ? logProb().neg()
      : objective.kind === 'policy-gradient'
        ? policyLossOf(objective, logProb())
        : divergenceOf(objective, logits, objective.teacherLogits, [targets.length, vocab]);
  return rowLoss.mul(f64(weights, [targets.length])).sum();
}

function policyLossOf(
  { advantage, proximal, anchor }: Extract<OracleObjective, { kind: 'policy-gradient' }>,
  logProb: np.Array,
): np.Array {
  const shape = [advantage.length];
  const a = f64(advantage, shape);
  let gain: np.Array;
  if (proximal) {
    const { clipRatio, oldLogProb } = proximal;
    const ratio = np.exp(logProb.ref.sub(f64(oldLogProb, shape)));
    const clipped = clipRatio > 0 ? np.clip(ratio.ref, 1 - clipRatio, 1 + clipRatio) : ratio.ref;
    gain = np.minimum(ratio.mul(a.ref), clipped.mul(a));
  } else gain = logProb.ref.mul(a);
  if (!anchor) {
    logProb.dispose();
    return gain.neg();
  }
  const d = f64(anchor.referenceLogProb, shape).sub(logProb);
  return np.exp(d.ref).sub(d).sub(1).mul(anchor.weight).sub(gain);
}

function divergenceOf(
  options: DivergenceOptions,
  studentLogits: np.Array,
  teacherLogits: ArrayLike<number>,
  shape: [rows: number, vocab: number],
): np.Array {
  const { temperature = 1, topK = 0, tokenClip = 0 } = options;
  const outcomes = (logits: np.Array): np.Array => {
    const logs = nn.logSoftmax(logits.div(temperature), -1);
    return topK > 0 ? bucketed(logs, teacherLogits, topK, shape) : logs;
  };
  const loss = memberOf(options, outcomes(studentLogits), outcomes(f64(teacherLogits, shape)));
  return tokenClip > 0 ? np.minimum(loss, tokenClip) : loss;
}

/**
 * Log-probabilities of K + 1 outcomes, [rows, vocab + 1]: tokens that went into the bucket, the last column, are constant and practically
 * zero on both sides.
 */
function bucketed(
  logs: np.Array,
  teacherLogits: ArrayLike<number>,
  topK: number,
  [rows, vocab]: [number, number],
): np.Array {
  const kept = new Float64Array(rows * vocab);
  for (let r = 0; r < rows; r++) {
    const row = Array.from({ length: vocab }, (_, v) => teacherLogits[r * vocab + v]!);
    const order = row.map((_, v) => v).sort((a, b) => row[b]! - row[a]! || a - b);
    for (const v of order.slice(0, topK)) kept[r * vocab + v] = 1;
  }
  const rest = kept.map(k => 1 - k);
  const bucket = np.log(
    np
      .exp(logs.ref)
      .mul(f64(rest, [rows, vocab]))
      .sum(-1, { keepdims: true }),
  );
  const single = logs.mul(f64(kept, [rows, vocab])).add(
    f64(
      rest.map(k => -60 * k),
      [rows, vocab],
    ),
  );
  return np.concatenate([single, bucket], -1);
}

function memberOf(options: DivergenceOptions, logP: np.Array, logQ: np.Array): np.Array {
  const kl = (logA: np.Array, logB: np.Array): np.Array => np.exp(logA.ref).mul(logA.sub(logB)).sum(-1);
  const mixture = (teacherShare: number): np.Array =>
    np.log(
      np
        .exp(logP.ref)
        .mul(1 - teacherShare)
        .add(np.exp(logQ.ref).mul(teacherShare)),
    );
  switch (options.kind) {
    case 'reverse-kl':
      return kl(logP, logQ);
    case 'forward-kl':
      return kl(logQ, logP);
    case 'jsd': {
      const m = mixture(options.beta);
      return kl(logQ, m.ref)
        .mul(options.beta)
        .add(kl(logP, m).mul(1 - options.beta));
    }
    case 'skew-forward': {
      const m = mixture(options.lambda);
      logP.dispose();
      return kl(logQ, m);
    }
    case 'skew-reverse': {
      const m = mixture(1 - options.lambda);
      logQ.dispose();
      return kl(logP, m);
    }
    case 'alpha': {
      const { alpha } = options;
      const powers = np.exp(logP.mul(1 - alpha).add(logQ.mul(alpha))).sum(-1);
      return powers
        .mul(-1)
        .add(1)
        .div(alpha * (1 - alpha));
    }
    default:
      throw new TypeError('the oracle has no formula for this divergence');
  }
}

function oneHot(indices: ArrayLike<number>, width: number): np.Array {
  const values = new Float64Array(indices.length * width);
  for (let r = 0; r < indices.length; r++) values[r * width + indices[r]!] = 1;
  return f64(values, [indices.length, width]);
}

function f64(values: ArrayLike<number>, shape: number[]): np.Array {
  return np.array(Float64Array.from(values), { shape, dtype: np.float64 });
}

/** Shape of a tensor from its name and size: the row length is its input dimension. */
function tensorShapes({ config, adapter }: DecoderModel): (name: string, size: number) => number[] {
  const { hidden, heads, headDim, ffn } = config;
  return (name, size) => {
    if (name.includes('norm') || name.endsWith('.bias')) return [size];
    if (name.includes('.lora_B.')) return [size / adapter!.rank, adapter!.rank];
    const inDim = name.includes('o_proj') ? heads * headDim : name.includes('down_proj') ? ffn : hidden;
    return [size / inDim, inDim];
  };
}
