import type { Gpu } from '../gpu/gpu.ts';
import { allocating, type Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { sampleTokens } from '../kernels/sampling/sampling.ts';
import type { Rollout, Sampling } from '../model/rollout-types.ts';
import type { OrtDecoder, PastHolder } from './ort-decoder.ts';
import { padLeft, planBatches } from './plan-batches.ts';
import type { Limits } from './score.ts';

/** Tokens between readbacks, as in the engine's own rollouts. */
const READBACK_INTERVAL = 16;

export interface GenerateArgs {
  readonly gpu: Gpu;
  readonly memory: Memory;
  readonly decoder: OrtDecoder;
  readonly prompts: readonly Uint32Array[];
  readonly sampling: Sampling;
  readonly maxNewTokens: number;
  readonly eos: number;
  readonly limits: Limits;
}

type State = Readonly<
  Record<'logits' | 'current' | 'position' | 'done' | 'tokens' | 'logProbs' | 'entropies' | 'ids', Tensor>
>;

/** Prompts that run together: `rows` are their places among all prompts. */
interface Group extends PastHolder {
  readonly rows: readonly number[];
  readonly padding: readonly number[];
}

/**
 * Samples an answer to each prompt. Groups of prompts run one after the other, but each step samples all rows in one dispatch, so that a
 * row's random numbers are those of its place among the prompts. Under WebGPU drawn tokens are fed to the next run without reaching the
 * CPU, which checks every 16 tokens whether all rows have ended; a finished group is not run again.
 */
export async function generateAnswers(args: GenerateArgs): Promise<Rollout[]> {
  const { gpu, memory, decoder, prompts, sampling, maxNewTokens, eos, limits } = args;
  if (prompts.length === 0 || maxNewTokens === 0)
    return prompts.map(() => ({
      tokens: new Uint32Array(0),
      logProbs: new Float32Array(0),
      entropies: new Float32Array(0),
    }));
  const { vocab, pad } = decoder.shape;
  const batch = prompts.length;
  const scope = memory.scope();
  let groups: Group[] = [];
  try {
    const state = await allocating(gpu.device, "the teacher's answers", () =>
      createState(scope, batch, vocab, maxNewTokens),
    );
    groups = planBatches(
      prompts.map(prompt => prompt.length),
      { padded: limits.padded, fits: rows => rows <= limits.batch && rows <= limits.rows },
    ).map(rows => ({
      rows,
      padding: padLeft(
        rows.map(row => prompts[row]!),
        pad,
      ).padding,
      past: undefined,
    }));
    for (let step = 0; ; step++) {
      const drawn =
        step > 0 && decoder.execution === 'wasm' ? await gpu.readback.u32(state.current) : undefined;
      for (const group of groups)
        if (step === 0) await readPrompts(decoder, prompts, group, state, limits);
        else await readDrawn(gpu, decoder, group, state, drawn);
      const encoder = gpu.encoder();
      sampleTokens(encoder, {
        ...state,
        batch,
        vocab,
        step,
        capacity: maxNewTokens,
        eos: [eos],
        pad,
        ...sampling,
      });
      encoder.submit();
      const made = step + 1;
      if (made < maxNewTokens && made % READBACK_INTERVAL !== 0) continue;
      const { done, rollouts } = await collect(gpu, state, batch, maxNewTokens, made, eos);
      const ended = groups.filter(({ rows }) => rows.every(row => done[row]));
      for (const group of ended) await decoder.forget(group);
      groups = groups.filter(group => !ended.includes(group));
      if (made === maxNewTokens || groups.length === 0) return rollouts;
    }
  } finally {
    for (const group of groups) await decoder.forget(group);
    scope.release();
  }
}

function createState(memory: Memory, batch: number, vocab: number, capacity: number): State {
  const tensor = (name: string, length: number, dtype: 'f32' | 'u32'): Tensor =>
    memory.tensor(`teacher.${name}`, length, dtype);
  return {
    logits: tensor('next', batch * vocab, 'f32'),
    current: tensor('current', batch, 'u32'),
    position: tensor('position', batch, 'u32'),
    done: tensor('done', batch, 'u32'),
    tokens: tensor('tokens', batch * capacity, 'u32'),
    logProbs: tensor('logProbs', batch * capacity, 'f32'),
    entropies: tensor('entropies', batch * capacity, 'f32'),
    // Fresh buffers are zeros, and only the low words of these i64 are ever written.
    ids: tensor('ids', 2 * batch, 'u32'),
  };
}

/** Feeds a group's prompts, in as many runs as the limit on rows asks for, and takes the logits of the last column. */
async function readPrompts(
  decoder: OrtDecoder,
  prompts: readonly Uint32Array[],
  group: Group,
  state: State,
  limits: Limits,
): Promise<void> {
  const { rows, padding } = group;
  const { length, columns: tokens } = padLeft(
    rows.map(row => prompts[row]!),
    decoder.shape.pad,
  );
  const columns = Math.max(1, Math.floor(limits.rows / rows.length));
  for (let from = 0; from < length; from += columns) {
    const to = Math.min(length, from + columns);
    const logits = await decoder.run(group, { ids: tokens(from, to), length: to - from, padding });
    if (to === length)
      decoder.moveRows(
        logits,
        state.logits,
        rows.map((row, i) => ({ from: (i + 1) * (to - from) - 1, to: row, rows: 1 })),
      );
  }
}

/** Feeds the last sampled token of each row of a group. */
async function readDrawn(
  gpu: Gpu,
  decoder: OrtDecoder,
  group: Group,
  state: State,
  drawn: Uint32Array | undefined,
): Promise<void> {
  const { rows, padding } = group;
  let ids: BigInt64Array | Tensor = state.ids;
  if (drawn) ids = BigInt64Array.from(rows, row => BigInt(drawn[row]!));
  else {
    const encoder = gpu.encoder();
    for (const [i, row] of rows.entries()) encoder.copy(state.current, state.ids, 1, row, 2 * i);
    encoder.submit();
  }
  const logits = await decoder.run(group, { ids, length: 1, padding });
  decoder.moveRows(
    logits,
    state.logits,
    rows.map((row, i) => ({ from: i, to: row, rows: 1 })),
  );
}

async function collect(
  gpu: Gpu,
  { done, tokens, logProbs, entropies }: State,
  batch: number,
  capacity: number,
  steps: number,
  eos: number,
): Promise<{ done: Uint32Array; rollouts: Rollout[] }> {
  const [flags, ids, logs, nats] = await gpu.readback.read([
    { tensor: done, count: batch },
    ...[tokens, logProbs, entropies].map(tensor => ({ tensor, count: batch * capacity })),
  ]);
  const allIds = new Uint32Array(ids!);
  const rollouts = Array.from({ length: batch }, (_, row): Rollout => {
    const start = row * capacity;
    const ending = allIds.subarray(start, start + steps).indexOf(eos);
    const length = ending < 0 ? steps : ending + 1;
    return {
      tokens: allIds.slice(start, start + length),
      logProbs: new Float32Array(logs!, start * 4, length).slice(),
      entropies: new Float32Array(nats!, start * 4, length).slice(),
    };
  });
  return { done: new Uint32Array(flags!), rollouts };
}
