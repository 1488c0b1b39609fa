import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { tableLogits } from '../kernels/embedding/table-products.ts';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { createActivations } from '../model/activations.ts';
import { decoderForward, type Decoder } from '../model/decoder-forward.ts';
import { decoderLayout, EMBEDDING, headName, PROJECTIONS } from '../model/decoder-parameters.ts';
import { FrozenWeights } from '../model/frozen-weights.ts';
import { createKvCache, decodeStep, prefill } from '../model/kv-cache.ts';
import { PackedBatch } from '../model/packed-batch.ts';
import { decoderBackward } from '../reference/decoder-backward.ts';
import * as reference from '../reference/decoder-forward.ts';
import { divergence } from '../reference/divergence.ts';
import { packSequences, predictingRows } from '../reference/packed-batch.ts';
import { assertClose } from '../testing/compare.ts';
import {
  FAMILY_GOLDENS,
  familyReference,
  loadFamilyGolden,
  type FamilyGolden,
} from '../testing/family-golden.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { STILL } from './golden-distiller-fixture.ts';
import { Distiller } from './distiller.ts';
import { frozenModel, Learner, loadModel } from './policy.ts';
import { divergenceStep } from './train-step.ts';

/** Prefilled tokens of each sequence; the others are decoded one by one. */
const PREFILLED = 2;

async function logitsOf(gpu: Gpu, decoder: Decoder, hidden: Tensor, rows: number): Promise<Float32Array> {
  const logits = gpu.memory.tensor('logits', rows * decoder.config.vocab);
  const encoder = gpu.encoder();
  tableLogits(encoder, { hidden, table: decoder.weights.head, logits, rows });
  encoder.submit();
  return await gpu.readback.f32(logits);
}

/** Logits of every token of the student's sequences, [tokens, vocab]. */
async function packedLogits(gpu: Gpu, decoder: Decoder, { cases }: FamilyGolden): Promise<Float32Array> {
  const { memory } = gpu;
  const rows = cases.student.flat().length;
  const activations = createActivations(memory, decoder.config, { label: 'packed', rows, save: 'nothing' });
  const batch = new PackedBatch(gpu, memory, 'batch', { rows, scored: 1 });
  batch.upload(
    cases.student.map(ids => ({ ids: Uint32Array.from(ids), scoredStart: 1, scored: new Uint32Array(0) })),
  );
  const encoder = gpu.encoder();
  decoderForward(encoder, decoder, batch, activations);
  encoder.submit();
  return await logitsOf(gpu, decoder, activations.hidden, rows);
}

test.each(FAMILY_GOLDENS)(
  '%s: logits of transformers, packed and token by token from the cache',
  async name => {
    const golden = await loadFamilyGolden(name);
    const { config } = golden;
    const { vocab, dim } = config;
    const gpu = new Gpu(await requestTestDevice());
    const { memory } = gpu;
    const { decoder } = loadModel(gpu, memory, config, golden.weights);
    const sequences = golden.cases.student;
    const rows = sequences.flat().length;
    const packed = await packedLogits(gpu, decoder, golden);
    assertClose(packed, golden.logits, 'f32Decoder', 'packed');

    const activations = createActivations(memory, config, { label: 'decode', rows, save: 'nothing' });
    const readLogits = (hidden: Tensor, count: number): Promise<Float32Array> =>
      logitsOf(gpu, decoder, hidden, count);
    const u32 = (label: string, values: readonly number[]): Tensor => {
      const tensor = memory.tensor(label, values.length, 'u32');
      gpu.write(tensor, Uint32Array.from(values));
      return tensor;
    };
    const slots = sequences.length;
    const cache = createKvCache(memory, config, slots, 16);
    const prompts = sequences.map(ids => ids.slice(0, PREFILLED));
    const start = gpu.encoder();
    prefill(
      start,
      decoder,
      {
        ids: u32('prompt.ids', prompts.flat()),
        position: u32(
          'prompt.position',
          prompts.flatMap(ids => [...ids.keys()]),
        ),
        seqStart: u32(
          'prompt.seqStart',
          prompts.flatMap((ids, slot) => ids.map(() => slot * PREFILLED)),
        ),
        slot: u32(
          'prompt.slot',
          prompts.flatMap((ids, slot) => ids.map(() => slot)),
        ),
        rows: slots * PREFILLED,
      },
      activations,
      cache,
    );
    start.submit();
    const firstToken = sequences.map((_, slot) => sequences.slice(0, slot).flat().length);
    const expectRow = (found: Float32Array, row: number, slot: number, position: number): void => {
      const from = (firstToken[slot]! + position) * vocab;
      assertClose(
        found.subarray(row * vocab, (row + 1) * vocab),
        packed.subarray(from, from + vocab),
        'f32Decoder',
        `slot ${slot}, position ${position}`,
      );
    };
    const prefilled = await readLogits(activations.hidden, slots * PREFILLED);
    for (let row = 0; row < slots * PREFILLED; row++)
      expectRow(prefilled, row, Math.floor(row / PREFILLED), row % PREFILLED);

    const shortest = Math.min(...sequences.map(({ length }) => length));
    expect(shortest).toBeGreaterThan(PREFILLED + 2);
    const slot = u32('slot', [...sequences.keys()]);
    const hidden = memory.tensor('hidden', slots * dim);
    for (let position = PREFILLED; position < shortest; position++) {
      const step = gpu.encoder();
      decodeStep(
        step,
        decoder,
        {
          ids: u32(
            `ids.${position}`,
            sequences.map(ids => ids[position]!),
          ),
          position: u32(
            `position.${position}`,
            sequences.map(() => position),
          ),
          slot,
          rows: slots,
        },
        activations,
        cache,
      );
      step.copy(activations.hidden, hidden, slots * dim);
      step.submit();
      const decoded = await readLogits(hidden, slots);
      for (let row = 0; row < slots; row++) expectRow(decoded, row, row, position);
    }
    memory.release();
  },
);

test.each(['llama-bias', 'qwen2-tied', 'qwen3-untied'])(
  '%s: equal logits from weights stored as f16',
  async name => {
    const golden = await loadFamilyGolden(name);
    const { config, weights } = golden;
    const gpu = new Gpu(await requestTestDevice());
    const { memory } = gpu;
    const tables = new Set([EMBEDDING, headName(config)]);
    const frozen = new FrozenWeights(gpu, memory, decoderLayout(config), { storage: 'f16', tables });
    await frozen.fillFrom(
      new Map(
        [...weights].map(([tensor, { shape, data }]) => {
          const bytes = new Uint8Array(data.buffer);
          return [tensor, { type: 'F32', shape, read: (from, to) => Promise.resolve(bytes.slice(from, to)) }];
        }),
      ),
    );
    const { decoder } = frozenModel(gpu, memory, config, frozen);
    expect(decoder.weights.head.shards[0]!.tensor.dtype).toBe('f16');
    assertClose(await packedLogits(gpu, decoder, golden), golden.logits, 'f32Decoder');
    memory.release();
  },
);

/** Loss and gradients of one step of reverse KL to the bare model, with an optimiser that changes nothing. */
async function distil(golden: FamilyGolden, adapted: boolean) {
  const { cases, config } = golden;
  const { rank, alpha } = cases.adapter;
  const gpu = new Gpu(await requestTestDevice());
  const { memory } = gpu;
  const base = loadModel(gpu, memory, config, golden.weights);
  const lora = adapted ? { rank, alpha, targets: PROJECTIONS } : null;
  const learner = new Learner(gpu, memory, base, { lora, normal: () => 0 });
  if (adapted) learner.trainable.upload(gpu, golden.adapter);
  const limits = { responses: 2, promptTokens: 8, teacherPromptTokens: 16, responseTokens: 8 };
  const distiller = new Distiller(gpu, memory, learner, limits);
  const { metrics } = await divergenceStep(
    distiller,
    { kind: 'decoder', decoder: base.decoder },
    cases.response.map((response, i) => ({
      prompt: Uint32Array.from(cases.student[i]!.slice(0, -response.length)),
      teacherPrompt: Uint32Array.from(cases.teacher[i]!.slice(0, -response.length)),
      response: Uint32Array.from(response),
    })),
    { loss: { objective: { kind: 'reverse-kl' }, temperature: 1 }, optimizer: STILL },
  );
  const tokens = metrics.start.at(-1)!;
  const losses = Array.from(
    { length: tokens },
    (_, token) => metrics.columns[token * METRIC_COLUMNS + METRIC.loss]!,
  );
  const gradients = await learner.gradientSet.download(gpu);
  memory.release();
  return { loss: losses.reduce((sum, value) => sum + value, 0) / tokens, gradients };
}

test.each(FAMILY_GOLDENS)('%s: loss and every LoRA gradient of transformers and PEFT', async name => {
  const golden = await loadFamilyGolden(name);
  const { loss, gradients } = await distil(golden, true);
  assertClose([loss], [golden.cases.adapter.loss], 'f32Decoder', 'loss');
  expect([...gradients.keys()].sort()).toEqual([...golden.adapter.keys()].sort());
  for (const [matrix, { data }] of gradients)
    assertClose(data, golden.gradients.get(matrix)!.data, 'f32Decoder', matrix);
});

test.each(FAMILY_GOLDENS)(
  '%s: the gradient of every weight, biases, head norms and head included',
  async name => {
    const golden = await loadFamilyGolden(name);
    const { loss, gradients } = await distil(golden, false);
    assertClose([loss], [golden.cases.loss], 'f32Decoder', 'loss');
    const expected = referenceGradients(golden);
    expect([...gradients.keys()].sort()).toEqual([...golden.weights.keys()].sort());
    for (const [weight, { data }] of gradients) {
      assertClose(data, expected.get(weight)!, 'f32Decoder', weight);
      const vector = golden.gradients.get(weight);
      if (vector) assertClose(data, vector.data, 'f32Decoder', `${weight} of transformers`);
    }
  },
);

function referenceGradients(golden: FamilyGolden): ReadonlyMap<string, Float64Array> {
  const model = familyReference(golden, { adapted: false });
  const { student, teacher, response } = golden.cases;
  const forward = (sequences: readonly (readonly number[])[]) =>
    reference.decoderForward(
      model,
      packSequences(sequences),
      predictingRows(
        sequences,
        response.map(({ length }) => length),
      ),
    );
  const own = forward(student);
  const targets = Uint32Array.from(response.flat());
  const { dlogits } = divergence(
    {
      student: own.logits,
      teacher: forward(teacher).logits,
      targets,
      vocab: golden.config.vocab,
      weights: new Float64Array(targets.length).fill(1 / targets.length),
    },
    { kind: 'reverse-kl' },
  );
  return decoderBackward(model, own, dlogits);
}
