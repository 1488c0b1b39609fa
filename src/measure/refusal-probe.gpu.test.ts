import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { wholeTensor } from '../kernels/embedding/token-table.ts';
import { promptAndResponse } from '../model/packed-batch.ts';
import { tokenMass } from '../reference/token-mass.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { tinyLab } from '../testing/tiny-lab.ts';
import { refusalOpenings } from '../world/openings.ts';
import { Learner } from '../learn/policy.ts';
import { ScoredPass } from '../learn/scored-pass.ts';
import { RefusalProbe } from './refusal-probe.ts';

const PROMPTS = [
  [1, 3, 300, 301, 302, 4],
  [1, 3, 400, 4],
  [1, 2, 500, 501, 502, 503, 3, 310, 4],
].map(ids => Uint32Array.from(ids));

async function setUp() {
  const gpu = new Gpu(await requestTestDevice());
  const lab = await tinyLab(gpu);
  const tokenIds = refusalOpenings().flatMap(word => lab.tokenizer.encode(word));
  return { gpu, lab, tokenIds, decoder: lab.base.decoder };
}

test('agrees with the f64 mass of logits from a pass over longer sequences, one at a time', async () => {
  const { gpu, lab, tokenIds, decoder } = await setUp();
  const { dim, vocab } = lab.config;
  const refusalProbe = new RefusalProbe(gpu, gpu.memory, lab.config, {
    queries: 3,
    promptTokens: 12,
    tokenIds,
  });
  await refusalProbe.prepare(decoder);
  const logOdds = await refusalProbe.measure(decoder, PROMPTS);

  const head = await gpu.readback.f32(wholeTensor(decoder.weights.embedding));
  const member = Array.from({ length: vocab }, (_, id) => Number(tokenIds.includes(id)));
  const pass = new ScoredPass(gpu, gpu.memory, lab.config, {
    label: 'test',
    capacity: { rows: 16, scored: 2 },
  });
  const expected: number[] = [];
  for (const prompt of PROMPTS) {
    pass.load([promptAndResponse(prompt, Uint32Array.of(600, 601))]);
    const encoder = gpu.encoder();
    pass.forward(encoder, decoder);
    encoder.submit();
    const hidden = await gpu.readback.f32(pass.scoredHidden, dim);
    const logits = member.map((_, id) =>
      hidden.reduce((sum, value, i) => sum + value * head[id * dim + i]!, 0),
    );
    expected.push(tokenMass(logits, member).logOdds);
  }
  expect(tokenIds).toHaveLength(2);
  assertClose(logOdds, expected, 'f32Decoder', 'log-odds');
  gpu.memory.release();
});

test('more prompts than fit take several passes, in order', async () => {
  const { gpu, lab, tokenIds, decoder } = await setUp();
  const make = (queries: number): RefusalProbe =>
    new RefusalProbe(gpu, gpu.memory, lab.config, { queries, promptTokens: 9, tokenIds });
  const together = await make(5).measure(decoder, [...PROMPTS, ...PROMPTS]);
  const inTurn = await make(2).measure(decoder, [...PROMPTS, ...PROMPTS]);
  assertClose(inTurn, together, 'f32Decoder', 'log-odds');
  expect(new Set(together).size).toBeGreaterThan(2);
  expect(await make(2).measure(decoder, [])).toHaveLength(0);
  gpu.memory.release();
});

test('an adapter is applied, and never ignored', async () => {
  const { gpu, lab, tokenIds, decoder } = await setUp();
  const lora = { rank: 2, alpha: 4, targets: ['q_proj', 'down_proj'], lastLayers: 0 } as const;
  const learner = new Learner(gpu, gpu.memory, lab.base, {
    lora: { ...lora, targets: [...lora.targets] },
    normal: () => 0.5,
  });
  const { all } = learner.trainable;
  gpu.write(all, new Float32Array(all.length).fill(0.2));
  const options = { queries: 3, promptTokens: 9, tokenIds };
  const blind = new RefusalProbe(gpu, gpu.memory, lab.config, options);
  await expect(blind.measure(learner.decoder, PROMPTS)).rejects.toThrow(/adapter/);
  const seeing = new RefusalProbe(gpu, gpu.memory, lab.config, { ...options, lora: learner.decoder.lora });
  const adapted = await seeing.measure(learner.decoder, PROMPTS);
  const plain = await seeing.measure(decoder, PROMPTS);
  assertClose(plain, await blind.measure(decoder, PROMPTS), 'f32Decoder', 'base');
  expect(Math.abs(adapted[0]! - plain[0]!)).toBeGreaterThan(1e-3);
  gpu.memory.release();
});

test('refuses sets without log-odds, and prompts that do not fit', async () => {
  const { gpu, lab, decoder } = await setUp();
  const make = (tokenIds: number[]): RefusalProbe =>
    new RefusalProbe(gpu, gpu.memory, lab.config, { queries: 1, promptTokens: 5, tokenIds });
  expect(() => make([])).toThrow(/a set of 0 of/);
  expect(() => make([lab.config.vocab])).toThrow(/not among/);
  await expect(make([7]).measure(decoder, PROMPTS)).rejects.toThrow(/6 tokens: .* 1 to 5/);
  gpu.memory.release();
});
