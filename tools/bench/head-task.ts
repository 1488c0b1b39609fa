import type { Gpu } from '../../src/gpu/gpu.ts';
import type { Tensor } from '../../src/gpu/tensor.ts';
import { divergenceHead } from '../../src/kernels/divergence/divergence-head.ts';
import { METRIC_COLUMNS } from '../../src/kernels/divergence/divergence-rows.ts';
import { headScratch } from '../../src/kernels/divergence/head-chunks.ts';
import { wholeTable } from '../../src/kernels/embedding/token-table.ts';
import type { Rng } from '../../src/world/rng.ts';
import type { DeviceMeter } from './gpu-meter.ts';
import { headError, headInputs } from './head-check.ts';

const DIM = 64;
export const HEAD_TOKENS = 512;
/** Fewer tokens are timed: logits of 151,936 entries are long work for a software adapter. */
export const TIMED_TOKENS = 16;
/** Tokens whose loss and gradient are compared with f64: both ends, and some at the edges of chunks. */
const SAMPLE = [0, 26, 27, 84, 85, 300, 511];

export interface HeadTask {
  /** Most GPU bytes at once while all tokens go through the head, but for its inputs and outputs. */
  readonly extraBytes: number;
  /** Largest error against f64 as a share of what the tolerances allow: below 1. */
  readonly errorOfTolerance: number;
  readonly seconds: number[];
  /** Sends `TIMED_TOKENS` tokens through the head, gradients included; resolves once the GPU is done. */
  run(): Promise<void>;
}

/**
 * The head with the divergence from a teacher of its own weights (reverse KL): logits of both models, loss, gradients of hidden
 * states and head. All `HEAD_TOKENS` go through it once, which gives the memory and the comparison with f64.
 * @param meter of the device, which must be fresh: all that it holds counts.
 * @throws Error where loss or gradient leave the tolerances.
 */
export async function headTask(gpu: Gpu, meter: DeviceMeter, vocab: number, rng: Rng): Promise<HeadTask> {
  const inputs = headInputs({ vocab, dim: DIM, tokens: HEAD_TOKENS }, SAMPLE, rng);
  const given: Tensor[] = [];
  const tensor = (label: string, length: number, dtype: 'f32' | 'u32' = 'f32'): Tensor => {
    const made = gpu.memory.tensor(label, length, dtype);
    given.push(made);
    return made;
  };
  const upload = (
    name: 'studentHidden' | 'teacherHidden' | 'studentHead' | 'teacherHead' | 'weight',
  ): Tensor => {
    const made = tensor(name, inputs[name].length);
    gpu.write(made, inputs[name]);
    return made;
  };
  const target = tensor('target', HEAD_TOKENS, 'u32');
  gpu.write(target, inputs.target);
  const args = {
    objective: { kind: 'reverse-kl' },
    studentHidden: upload('studentHidden'),
    studentHead: wholeTable(upload('studentHead'), vocab, DIM),
    teacherHidden: upload('teacherHidden'),
    teacherHead: wholeTable(upload('teacherHead'), vocab, DIM),
    target,
    weight: upload('weight'),
    dHidden: tensor('dHidden', HEAD_TOKENS * DIM),
    dHead: tensor('dHead', vocab * DIM),
    metrics: tensor('metrics', HEAD_TOKENS * METRIC_COLUMNS),
    scratch: headScratch(gpu.memory, { vocab, dim: DIM, tokens: HEAD_TOKENS, teacher: true }),
  } as const;
  const run = async (tokens: number): Promise<void> => {
    const encoder = gpu.encoder();
    divergenceHead(encoder, { ...args, tokens });
    encoder.submit();
    await gpu.device.queue.onSubmittedWorkDone();
  };

  await run(HEAD_TOKENS);
  // Before anything is read back: copies for the CPU are no part of the head.
  const extraBytes = meter.peakBytes - given.reduce((sum, { buffer }) => sum + buffer.size, 0);
  const errorOfTolerance = headError(inputs, SAMPLE, {
    metrics: await gpu.readback.f32(args.metrics),
    dHidden: await gpu.readback.f32(args.dHidden),
    dHead: await gpu.readback.f32(args.dHead),
  });
  return { extraBytes, errorOfTolerance, seconds: [], run: () => run(TIMED_TOKENS) };
}
