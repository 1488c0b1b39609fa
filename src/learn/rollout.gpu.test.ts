import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { tinyLab } from '../testing/tiny-lab.ts';
import { Distiller } from './distiller.ts';
import { Learner } from './policy.ts';
import { RolloutEngine, type Sampling } from './rollout.ts';

const SAMPLING: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 7, stream: 3 };
const PROMPTS = [
  [1, 3, 300, 301, 302, 4],
  [1, 3, 400, 4],
  [1, 2, 500, 501, 502, 503, 3, 310, 4],
].map(ids => Uint32Array.from(ids));

async function setUp(maxNewTokens = 20) {
  const gpu = new Gpu(await requestTestDevice());
  const lab = await tinyLab(gpu);
  const engine = new RolloutEngine(gpu, gpu.memory, lab.config, {
    slots: 4,
    maxPromptTokens: 16,
    maxNewTokens,
  });
  return { gpu, lab, engine, decoder: lab.base.decoder };
}

test('a seed replays the same rollouts, another stream gives others', async () => {
  const { engine, decoder, gpu } = await setUp();
  const first = await engine.run(decoder, PROMPTS, SAMPLING, 20);
  const again = await engine.run(decoder, PROMPTS, SAMPLING, 20);
  const other = await engine.run(decoder, PROMPTS, { ...SAMPLING, stream: 4 }, 20);
  expect(again.map(({ tokens }) => [...tokens])).toEqual(first.map(({ tokens }) => [...tokens]));
  expect(other.map(({ tokens }) => [...tokens])).not.toEqual(first.map(({ tokens }) => [...tokens]));
  gpu.memory.release();
});

test('an answer does not depend on the prompts beside it', async () => {
  const { engine, decoder, gpu } = await setUp();
  const together = await engine.run(decoder, PROMPTS, SAMPLING, 20);
  const alone = await engine.run(decoder, PROMPTS.slice(0, 1), SAMPLING, 20);
  expect([...alone[0]!.tokens]).toEqual([...together[0]!.tokens]);
  gpu.memory.release();
});

test('log-probabilities and entropies of cached decoding are those of a packed forward over the same tokens', async () => {
  const { engine, decoder, gpu, lab } = await setUp();
  const rollouts = await engine.run(decoder, PROMPTS, SAMPLING, 20);
  const learner = new Learner(gpu, gpu.memory, lab.base, { lora: null, normal: () => 0 });
  const distiller = new Distiller(gpu, gpu.memory, learner, {
    responses: 3,
    promptTokens: 16,
    teacherPromptTokens: 16,
    responseTokens: 20,
  });
  const { columns } = await distiller.measure(
    { kind: 'decoder', decoder },
    PROMPTS.map((prompt, i) => ({ prompt, teacherPrompt: prompt, response: rollouts[i]!.tokens })),
  );
  const column = (index: number): number[] =>
    Array.from(
      { length: columns.length / METRIC_COLUMNS },
      (_, token) => columns[token * METRIC_COLUMNS + index]!,
    );
  assertClose(
    rollouts.flatMap(({ logProbs }) => [...logProbs]),
    column(METRIC.studentLogProb),
    'f32Decoder',
    'log-probabilities',
  );
  assertClose(
    rollouts.flatMap(({ entropies }) => [...entropies]),
    column(METRIC.studentEntropy),
    'f32Decoder',
    'entropies',
  );
  assertClose(
    column(METRIC.reverseKl),
    column(METRIC.reverseKl).map(() => 0),
    'f32Loss',
    'divergence from itself',
  );
  gpu.memory.release();
});

test('looks at the GPU at most once every 16 tokens', async () => {
  const { engine, decoder, gpu } = await setUp(72);
  const before = gpu.readback.count;
  const rollouts = await engine.run(decoder, PROMPTS, SAMPLING, 72);
  const longest = Math.max(...rollouts.map(({ tokens }) => tokens.length));
  expect(gpu.readback.count - before).toBeLessThanOrEqual(Math.max(1, Math.ceil(longest / 16)));
  expect(gpu.readback.count - before).toBeLessThanOrEqual(72 / 16);
  gpu.memory.release();
});

test('refuses prompts beyond its capacity', async () => {
  const { engine, decoder, gpu } = await setUp();
  const prompts = Array.from({ length: 5 }, () => PROMPTS[0]!);
  await expect(engine.run(decoder, prompts, SAMPLING, 4)).rejects.toThrow(/capacity of 4 × 16/);
  gpu.memory.release();
});

test('an answer is cut behind the first of several ends of turn, also where padding is one of them', async () => {
  const { gpu, lab, decoder } = await setUp();
  const engineOf = (eos: readonly number[], pad: number | null): RolloutEngine =>
    new RolloutEngine(
      gpu,
      gpu.memory,
      { ...lab.config, eos, pad },
      { slots: 4, maxPromptTokens: 16, maxNewTokens: 20 },
    );
  const endless = await engineOf([2 ** 32 - 1], 0).run(decoder, PROMPTS, SAMPLING, 20);
  const eos = endless.map(({ tokens }, i) => tokens[4 + 3 * i]!);
  const expected = endless.map(({ tokens }) => {
    const end = tokens.findIndex(id => eos.includes(id));
    return [...tokens.subarray(0, end + 1)];
  });
  expect(new Set(expected.map(answer => answer.at(-1))).size).toBeGreaterThan(1);
  for (const pad of [null, 0, eos[0]!]) {
    const found = await engineOf(eos, pad).run(decoder, PROMPTS, SAMPLING, 20);
    expect(found.map(({ tokens }) => [...tokens])).toEqual(expected);
  }
  gpu.memory.release();
});
