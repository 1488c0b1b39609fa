import { beforeAll, describe, expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { writeConfig } from '../model/config.ts';
import { engineModel, referenceLogits, referenceModel } from '../model/onnx/onnx-fixture.ts';
import { writeOnnx } from '../model/onnx/write-onnx.ts';
import { promptAndResponse } from '../model/packed-batch.ts';
import type { Sampling } from '../model/rollout-types.ts';
import type { DecoderModel } from '../reference/decoder.ts';
import { philox4x32 } from '../reference/philox.ts';
import { sampleToken } from '../reference/sampling.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { tinyModel } from '../testing/tiny-decoder.ts';
import { probeExternalModel } from './assert-alive.ts';
import { openExternalModel, type ExternalModel, type ExternalModelOptions } from './external-model.ts';
import type { ExternalModelFiles } from './open-session.ts';
import type { Execution } from './ort-decoder.ts';

const { config, arrays } = engineModel(tinyModel({}, 5));
const reference = referenceModel(config, arrays);
const files: ExternalModelFiles = {
  name: 'tiny.onnx',
  config: writeConfig(config),
  model: writeOnnx(config, arrays, { precision: 'f32' }),
};
const PROMPTS = [[1, 3, 6, 0, 5, 4], [1, 4], [1, 3, 5, 6, 3], [6]].map(ids => Uint32Array.from(ids));
const SAMPLING: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 7, stream: 3 };
const EXECUTIONS: Execution[] = ['webgpu', 'wasm'];

let gpu: Gpu;
beforeAll(async () => {
  gpu = new Gpu(await requestTestDevice());
  // Instantiating 27 MB of WebAssembly takes seconds on a busy machine.
  await (await openExternalModel(gpu, gpu.memory, files)).release();
}, 180_000);

async function withModel(
  options: ExternalModelOptions,
  work: (model: ExternalModel) => Promise<void>,
  source = files,
): Promise<void> {
  const memory = gpu.memory.scope();
  const model = await openExternalModel(gpu, memory, source, options);
  try {
    expect(model.execution).toBe(options.execution);
    await work(model);
  } finally {
    await model.release();
  }
  expect(memory.bytes).toBe(0);
}

/** What the reference answers: each token sampled from the logits of the whole sequence so far. */
function referenceAnswer(
  model: DecoderModel,
  prompt: Uint32Array,
  row: number,
  sampling: Sampling,
  steps: number,
  eos: number,
): { tokens: number[]; logProbs: number[] } {
  const ids = [...prompt];
  const logProbs: number[] = [];
  for (let step = 0; step < steps; step++) {
    const [word] = philox4x32([step, row, 0, 0], [sampling.seed, sampling.stream]);
    const logits = referenceLogits(model, [ids])[0]!.at(-1)!;
    const { token, logProb } = sampleToken(logits, (word >>> 8) / 2 ** 24, sampling);
    ids.push(token);
    logProbs.push(logProb);
    if (token === eos) break;
  }
  return { tokens: ids.slice(prompt.length), logProbs };
}

describe.each(EXECUTIONS)('on %s', execution => {
  const tolerance = execution === 'webgpu' ? 'onnxLogits' : 'f32Decoder';
  const sequences = PROMPTS.map((prompt, i) =>
    promptAndResponse(
      prompt,
      Uint32Array.from({ length: 2 + i }, (_, t) => (3 * t + i) % 7),
    ),
  );
  const whole = referenceLogits(
    reference,
    sequences.map(({ ids }) => [...ids]),
  );
  const expected = sequences.flatMap(({ scoredStart, scored }, s) =>
    whole[s]!.slice(scoredStart - 1, scoredStart - 1 + scored.length).flatMap(row => [...row]),
  );

  test.each([
    ['all at once', {}],
    ['in runs of three rows', { logitBytes: 3 * 4 * config.vocab }],
    ['two sequences a batch', { batch: 2 }],
  ])('scores as the reference, %s', async (_, options) => {
    await withModel({ execution, ...options }, async model => {
      expect(model.padded).toBe(true);
      const logits = gpu.memory.tensor('logits', expected.length);
      await model.score(sequences, logits);
      assertClose(await gpu.readback.f32(logits), expected, tolerance);
      gpu.memory.free(logits);
    });
  });

  test.each([
    ['greedy', { ...SAMPLING, temperature: 0 }, {}],
    ['sampled', SAMPLING, {}],
    ['with filters', { ...SAMPLING, temperature: 1.7, topK: 5, topP: 0.9, stream: 9 }, {}],
    ['in batches of two', SAMPLING, { batch: 2 }],
    ['prompts in runs of four rows', SAMPLING, { logitBytes: 4 * 4 * config.vocab }],
  ])('answers as the reference, %s', async (_, sampling, options) => {
    await withModel({ execution, ...options }, async model => {
      const rollouts = await model.generate(PROMPTS, sampling, 20);
      const answers = PROMPTS.map((prompt, row) =>
        referenceAnswer(reference, prompt, row, sampling, 20, config.eos[0]!),
      );
      expect(rollouts.map(({ tokens }) => [...tokens])).toEqual(answers.map(({ tokens }) => tokens));
      assertClose(
        rollouts.flatMap(({ logProbs }) => [...logProbs]),
        answers.flatMap(({ logProbs }) => logProbs),
        tolerance,
      );
      // Both kinds of ending occur when sampled, or the comparison would not see the difference.
      if (sampling.temperature > 0)
        expect(new Set(rollouts.map(({ tokens }) => tokens.length)).size).toBeGreaterThan(1);
    });
  });

  test('another token ends the answer where it is named', async () => {
    await withModel({ execution, eos: 4 }, async model => {
      const [rollout] = await model.generate(PROMPTS.slice(0, 1), SAMPLING, 20);
      const { tokens } = referenceAnswer(reference, PROMPTS[0]!, 0, SAMPLING, 20, 4);
      expect([...rollout!.tokens]).toEqual(tokens);
    });
  });

  test('refuses what it cannot feed', async () => {
    await withModel({ execution }, async model => {
      const logits = gpu.memory.tensor('logits', 2 * config.vocab);
      const score = (ids: number[], scoredStart: number, scored: number): Promise<void> =>
        model.score([{ ids: Uint32Array.from(ids), scoredStart, scored: new Uint32Array(scored) }], logits);
      await expect(score([1, 7], 1, 1)).rejects.toThrow(/token id 7 .* vocabulary of 7/);
      await expect(score([1, 2], 0, 1)).rejects.toThrow(/no token before/);
      await expect(score([1, 2], 2, 2)).rejects.toThrow(/no token before/);
      await expect(score([1, 2, 3], 1, 3)).rejects.toThrow(/logits: 14 elements for 3 scored/);
      await expect(model.generate([new Uint32Array(0)], SAMPLING, 4)).rejects.toThrow(/empty/);
      await expect(model.generate([PROMPTS[0]!], SAMPLING, 60)).rejects.toThrow(/66 tokens exceeds .* 64/);
      gpu.memory.free(logits);
    });
  });
});

test.each([
  [true, 'wasm'],
  [false, 'webgpu'],
])('on an adapter that is software (%s) the choice is %s', async (software, execution) => {
  const tuned = new Gpu(gpu.device, { ...gpu.tuning, software });
  const model = await openExternalModel(tuned, tuned.memory, files);
  expect(model.execution).toBe(execution);
  await model.release();
  tuned.memory.release();
});

test('two models on one device work at once', async () => {
  const other = engineModel(tinyModel({}, 6));
  const greedy = { ...SAMPLING, temperature: 0 };
  const answers = (model: DecoderModel): number[][] =>
    PROMPTS.map((prompt, row) => referenceAnswer(model, prompt, row, greedy, 12, config.eos[0]!).tokens);
  const second = { ...files, model: writeOnnx(other.config, other.arrays, { precision: 'f32' }) };
  await withModel({ execution: 'webgpu' }, async first => {
    await withModel(
      { execution: 'webgpu' },
      async model => {
        const [ours, theirs] = await Promise.all([
          first.generate(PROMPTS, greedy, 12),
          model.generate(PROMPTS, greedy, 12),
        ]);
        expect(ours.map(({ tokens }) => [...tokens])).toEqual(answers(reference));
        expect(theirs.map(({ tokens }) => [...tokens])).toEqual(
          answers(referenceModel(other.config, other.arrays)),
        );
      },
      second,
    );
  });
});

test('a teacher with opinions passes the probe, one without is refused', async () => {
  const probe = Uint32Array.of(1, 3, 6, 0, 5);
  await withModel({ execution: 'webgpu' }, model => probeExternalModel(gpu, gpu.memory, model, probe));
  const blank = new Map(
    [...arrays].map(([name, { shape, data }]) => [name, { shape, data: data.map(() => 0) }]),
  );
  await withModel(
    { execution: 'webgpu' },
    async model => {
      await expect(probeExternalModel(gpu, gpu.memory, model, probe)).rejects.toThrow(
        /E_TEACHER_DEAD.*all equal/,
      );
    },
    { ...files, model: writeOnnx(config, blank, { precision: 'f32' }) },
  );
});

test('a model that answers NaN is refused when it is opened', async () => {
  const broken = new Map(arrays);
  const gain = broken.get('model.norm.weight')!;
  broken.set('model.norm.weight', { ...gain, data: gain.data.map(() => Number.NaN) });
  const source = { ...files, model: writeOnnx(config, broken, { precision: 'f32' }) };
  const held = gpu.memory.bytes;
  await expect(openExternalModel(gpu, gpu.memory, source)).rejects.toThrow(/E_TEACHER_DEAD.*not finite/);
  expect(gpu.memory.bytes).toBe(held);
});
