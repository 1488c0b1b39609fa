import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { tableLogits } from '../kernels/embedding/table-products.ts';
import { inverseFrequencies } from '../kernels/rope/frequencies.ts';
import { createActivations } from '../model/activations.ts';
import { readConfig, type DecoderConfig } from '../model/config.ts';
import { decoderForward } from '../model/decoder-forward.ts';
import { decoderLayout, decoderTensors } from '../model/decoder-parameters.ts';
import { emptyCache, roundedToHalf, runOnnx } from '../model/onnx/onnx-fixture.ts';
import { writeOnnx } from '../model/onnx/write-onnx.ts';
import { PackedBatch } from '../model/packed-batch.ts';
import { ParameterSet, type NamedArrays } from '../model/parameters.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { loadGolden } from '../testing/golden.ts';
import { testRandom } from '../testing/random.ts';
import { withOrt } from './ort-mutex.ts';
import { loadOrt, prepareDevice } from './ort-runtime.ts';

/** The engine's logits of every token of the sequences, one after the other: [tokens, vocab]. */
async function engineLogits(
  gpu: Gpu,
  config: DecoderConfig,
  arrays: NamedArrays,
  sequences: readonly (readonly number[])[],
): Promise<Float32Array> {
  const { memory } = gpu;
  const rows = sequences.flat().length;
  const { vocab, headDim, ropeTheta } = config;
  const weights = new ParameterSet(memory, 'weights', decoderLayout(config));
  weights.upload(gpu, arrays);
  const frequencies = memory.tensor('inverseFrequencies', headDim / 2);
  gpu.write(frequencies, inverseFrequencies(headDim, ropeTheta));
  const tensors = decoderTensors(config, weights);
  const decoder = { config, weights: tensors, lora: undefined, inverseFrequencies: frequencies };
  const batch = new PackedBatch(gpu, memory, 'batch', { rows, scored: 1 });
  batch.upload(
    sequences.map(ids => ({ ids: Uint32Array.from(ids), scoredStart: 1, scored: new Uint32Array(0) })),
  );
  const activations = createActivations(memory, config, {
    label: 'test',
    rows,
    save: 'nothing',
    lora: undefined,
  });
  const logits = memory.tensor('logits', rows * vocab);
  const encoder = gpu.encoder();
  decoderForward(encoder, decoder, batch, activations);
  tableLogits(encoder, { hidden: activations.hidden, table: tensors.embedding, logits, rows });
  encoder.submit();
  const found = await gpu.readback.f32(logits);
  memory.release();
  return found;
}

test.each(['f32', 'f16'] as const)(
  'the embedded model as %s on the WebGPU provider answers as the engine on the same device',
  async precision => {
    const golden = await loadGolden('world-s');
    const config = readConfig(golden.config);
    const arrays = await golden.tensors('model');
    const random = testRandom(11);
    const draw = (count: number): number[] =>
      Array.from({ length: count }, () => random.integer(config.vocab));
    const sequences = [draw(9), draw(6)];
    const gpu = new Gpu(await requestTestDevice());
    const kept = precision === 'f16' ? roundedToHalf(arrays) : arrays;
    const expected = await engineLogits(gpu, config, kept, sequences);

    const ort = await loadOrt();
    await prepareDevice(gpu.device);
    const found = await withOrt(async () => {
      const session = await ort.InferenceSession.create(writeOnnx(config, arrays, { precision }), {
        executionProviders: [{ name: 'webgpu', device: gpu.device }],
        logSeverityLevel: 3,
      });
      const mask = [
        [1, 1, 1, 1, 1, 1, 1],
        [0, 0, 0, 1, 1, 1, 1],
      ];
      const prompts = [sequences[0]!.slice(0, 7), [0, 0, 0, ...sequences[1]!.slice(0, 4)]];
      const prompt = await runOnnx(ort, session, prompts, mask, emptyCache(ort, config, 2));
      const next = await runOnnx(
        ort,
        session,
        sequences.map(ids => ids.slice(-2)),
        mask.map(row => [...row, 1, 1]),
        prompt.cache,
      );
      await session.release();
      expect(prompt.logits.flat().every(row => row.every(Number.isFinite))).toBe(true);
      return [...prompt.logits[0]!, ...next.logits[0]!, ...prompt.logits[1]!.slice(3), ...next.logits[1]!];
    });
    assertClose(
      found.flatMap(row => [...row]),
      expected,
      'f32Decoder',
    );
  },
  180_000,
);
