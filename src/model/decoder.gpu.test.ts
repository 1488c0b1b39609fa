import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { tableBackwardInput, tableLogits } from '../kernels/embedding/table-products.ts';
import { wholeTensor } from '../kernels/embedding/token-table.ts';
import { linearBackwardWeight } from '../kernels/linear/linear.ts';
import { fill } from '../kernels/elementwise/elementwise.ts';
import { gatherRows, scatterRows } from '../kernels/rows/rows.ts';
import { inverseFrequencies } from '../kernels/rope/frequencies.ts';
import { divergence } from '../reference/divergence.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { GOLDEN_LORA, loadGolden, type Golden } from '../testing/golden.ts';
import { createActivations, createBackwardScratch, type Saved } from './activations.ts';
import { readConfig } from './config.ts';
import { decoderBackward, type DecoderGradients } from './decoder-backward.ts';
import { decoderForward, type Decoder } from './decoder-forward.ts';
import { decoderLayout, decoderTensors, PROJECTIONS } from './decoder-parameters.ts';
import { loraLayout, loraTensors } from './lora.ts';
import { PackedBatch, promptAndResponse } from './packed-batch.ts';
import { ParameterSet } from './parameters.ts';

const LORA = { ...GOLDEN_LORA, targets: PROJECTIONS };

/** Runs a golden's student through the engine with plain logits, so that decoder and head are tested apart. */
async function runGolden(golden: Golden, options: { lora: boolean }) {
  const gpu = new Gpu(await requestTestDevice());
  const { memory } = gpu;
  const config = readConfig(golden.config);
  const { dim, vocab } = config;
  const base = new ParameterSet(memory, 'base', decoderLayout(config));
  base.upload(gpu, await golden.tensors('model'));
  const frequencies = memory.tensor('inverseFrequencies', config.headDim / 2);
  gpu.write(frequencies, inverseFrequencies(config.headDim, config.ropeTheta));
  const frozen: Decoder = {
    config,
    weights: decoderTensors(config, base),
    lora: undefined,
    inverseFrequencies: frequencies,
  };
  const adapter = new ParameterSet(memory, 'adapter', loraLayout(config, LORA));
  adapter.upload(gpu, await golden.tensors('lora'));
  const student = options.lora ? { ...frozen, lora: loraTensors(config, LORA, adapter) } : frozen;
  const gradientSet = new ParameterSet(memory, 'gradients', options.lora ? adapter.layout : base.layout);
  const gradients: DecoderGradients = options.lora
    ? { kind: 'lora', lora: loraTensors(config, LORA, gradientSet) }
    : { kind: 'full', weights: decoderTensors(config, gradientSet) };

  const load = (side: 'student' | 'teacher') => {
    const batch = new PackedBatch(gpu, memory, side, { rows: 256, scored: 64 });
    batch.upload(
      golden.cases[side].map((ids, i) => {
        const response = Uint32Array.from(golden.cases.response[i]!);
        return promptAndResponse(Uint32Array.from(ids.slice(0, ids.length - response.length)), response);
      }),
    );
    return batch;
  };
  const logitsOf = (
    encoder: ReturnType<Gpu['encoder']>,
    decoder: Decoder,
    batch: PackedBatch,
    save: Saved,
  ) => {
    const activations = createActivations(memory, config, {
      label: 'test',
      rows: 256,
      save,
      lora: decoder.lora,
    });
    const hidden = memory.tensor('hidden', 64 * dim);
    const logits = memory.tensor('logits', 64 * vocab);
    decoderForward(encoder, decoder, batch, activations);
    gatherRows(encoder, {
      x: activations.hidden,
      index: batch.scoredRow,
      y: hidden,
      rows: batch.scored,
      dim,
    });
    tableLogits(encoder, { hidden, table: decoder.weights.head, logits, rows: batch.scored });
    return { activations, hidden, logits };
  };

  const batch = load('student');
  const teacherBatch = load('teacher');
  const encoder = gpu.encoder();
  const teacher = logitsOf(encoder, frozen, teacherBatch, 'nothing');
  const run = logitsOf(encoder, student, batch, 'layers');
  encoder.submit();
  const studentLogits = await gpu.readback.f32(run.logits, batch.scored * vocab);
  const teacherLogits = await gpu.readback.f32(teacher.logits, batch.scored * vocab);

  const targets = Uint32Array.from(golden.cases.response.flat());
  const weights = new Float32Array(targets.length).fill(1 / targets.length);
  const result = divergence(
    { student: studentLogits, teacher: teacherLogits, targets, weights, vocab },
    { kind: 'reverse-kl' },
  );
  gpu.write(run.logits, Float32Array.from(result.dlogits));
  const dHidden = memory.tensor('dHidden', 256 * dim);
  fill(encoder, { x: gradientSet.all, value: 0, length: gradientSet.all.length });
  const dScored = memory.tensor('dScored', 64 * dim);
  const { head } = frozen.weights;
  tableBackwardInput(encoder, {
    dLogits: run.logits,
    table: head,
    dHidden: dScored,
    rows: batch.scored,
  });
  scatterRows(encoder, {
    y: dScored,
    index: batch.scoredRow,
    x: dHidden,
    rows: batch.scored,
    dim,
    total: batch.rows,
  });
  if (gradients.kind === 'full')
    linearBackwardWeight(encoder, {
      dy: run.logits,
      x: run.hidden,
      dWeight: wholeTensor(gradients.weights.head),
      accumulate: true,
      rows: batch.scored,
      inDim: dim,
      outDim: vocab,
    });
  decoderBackward(encoder, student, batch, run.activations, {
    dHidden,
    gradients,
    scratch: createBackwardScratch(memory, config, { label: 'scratch', rows: 256, lora: student.lora }),
  });
  encoder.submit();
  const { loss } = result;
  const found = await gradientSet.download(gpu);
  memory.release();
  return { studentLogits, loss, gradients: found, vocab };
}

test('logits and every gradient of the PyTorch golden', async () => {
  const golden = await loadGolden('odd');
  const { studentLogits, loss, gradients, vocab } = await runGolden(golden, { lora: false });
  const first = golden.cases.response[0]!.length;
  for (const [row, logits] of golden.cases.studentLogits1.entries())
    assertClose(
      studentLogits.subarray((first + row) * vocab, (first + row + 1) * vocab),
      logits,
      'f32Decoder',
      `row ${row}`,
    );
  assertClose(
    [loss],
    [golden.cases.divergences['reverse-kl tau=1 beta=0']?.loss ?? Number.NaN],
    'f32Loss',
    'loss',
  );
  const expected = await golden.tensors('grads-reverse-kl');
  expect([...gradients.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, { data }] of expected) assertClose(gradients.get(name)!.data, data, 'f32Decoder', name);
});

test('every LoRA gradient of the PyTorch golden', async () => {
  const golden = await loadGolden('odd');
  const { loss, gradients } = await runGolden(golden, { lora: true });
  assertClose([loss], [golden.cases.loraLoss], 'f32Loss', 'loss');
  const expected = await golden.tensors('grads-lora-reverse-kl');
  expect([...gradients.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, { data }] of expected) assertClose(gradients.get(name)!.data, data, 'f32Decoder', name);
});
