import { expect, test } from 'vitest';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { Gpu } from '../gpu/gpu.ts';
import { readConfig } from '../model/config.ts';
import { PROJECTIONS } from '../model/decoder-parameters.ts';
import type { Divergence } from '../settings/objectives.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { GOLDEN_LORA, loadGolden, type Golden } from '../testing/golden.ts';
import { Distiller } from './distiller.ts';
import type { ScoredResponse } from './scored-pass.ts';
import { Learner, loadModel } from './policy.ts';
import { divergenceStep } from './train-step.ts';

const OPTIMIZER = { learningRate: 0, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: 0 };

async function start(golden: Golden, lora: boolean) {
  const gpu = new Gpu(await requestTestDevice());
  const base = loadModel(gpu, gpu.memory, readConfig(golden.config), await golden.tensors('model'));
  const learner = new Learner(gpu, gpu.memory, base, {
    lora: lora ? { ...GOLDEN_LORA, targets: PROJECTIONS } : null,
    normal: () => 0,
  });
  if (lora) learner.trainable.upload(gpu, await golden.tensors('lora'));
  const distiller = new Distiller(gpu, gpu.memory, learner, {
    responses: 3,
    promptTokens: 128,
    teacherPromptTokens: 128,
    responseTokens: 32,
  });
  return { gpu, base, distiller, responses: scoredResponses(golden) };
}

function scoredResponses({ cases }: Golden): ScoredResponse[] {
  return cases.response.map((response, i) => {
    const prompt = (ids: readonly number[]): Uint32Array =>
      Uint32Array.from(ids.slice(0, ids.length - response.length));
    return {
      prompt: prompt(cases.student[i]!),
      teacherPrompt: prompt(cases.teacher[i]!),
      response: Uint32Array.from(response),
    };
  });
}

const learning = (objective: Divergence, temperature = 1) => ({
  loss: { objective, temperature },
  optimizer: OPTIMIZER,
});

test('every divergence of the PyTorch golden, token by token', async () => {
  const golden = await loadGolden('odd');
  const { gpu, base, distiller, responses } = await start(golden, false);
  for (const [name, { kind, tau, beta, perToken }] of Object.entries(golden.cases.divergences)) {
    const objective = kind === 'jsd' ? { kind, beta } : { kind };
    const { metrics } = await divergenceStep(
      distiller,
      { kind: 'decoder', decoder: base.decoder },
      responses,
      learning(objective, tau),
    );
    const losses = perToken.map((_, token) => metrics.columns[token * METRIC_COLUMNS + METRIC.loss]!);
    assertClose(losses, perToken, 'f32Decoder', name);
  }
  gpu.memory.release();
});

test('ten AdamW steps of reverse KL follow the PyTorch golden', async () => {
  const golden = await loadGolden('odd');
  const { gpu, base, distiller, responses } = await start(golden, false);
  const { lr, betas, eps, weightDecay, clip, losses, gradNorms } = golden.cases.adamw;
  const found = { losses: [] as number[], norms: [] as number[] };
  for (const _ of losses) {
    const { metrics, gradient } = await divergenceStep(
      distiller,
      { kind: 'decoder', decoder: base.decoder },
      responses,
      {
        ...learning({ kind: 'reverse-kl' }),
        optimizer: {
          learningRate: lr,
          beta1: betas[0],
          beta2: betas[1],
          epsilon: eps,
          weightDecay,
          clipNorm: clip,
        },
      },
    );
    const tokens = metrics.start.at(-1)!;
    let sum = 0;
    for (let token = 0; token < tokens; token++)
      sum += metrics.columns[token * METRIC_COLUMNS + METRIC.loss]!;
    found.losses.push(sum / tokens);
    found.norms.push(gradient.norm);
  }
  assertClose(found.losses, losses, 'f32Trajectory', 'losses');
  assertClose(found.norms, gradNorms, 'f32Trajectory', 'gradient norms');
  gpu.memory.release();
});

test('an adapter starts from the golden LoRA loss and leaves the base as it was', async () => {
  const golden = await loadGolden('odd');
  const { gpu, base, distiller, responses } = await start(golden, true);
  const before = await gpu.readback.f32(base.parameters.all);
  const optimizer = { ...OPTIMIZER, learningRate: 1e-3 };
  const first = await divergenceStep(distiller, { kind: 'decoder', decoder: base.decoder }, responses, {
    ...learning({ kind: 'reverse-kl' }),
    optimizer,
  });
  const second = await divergenceStep(distiller, { kind: 'decoder', decoder: base.decoder }, responses, {
    ...learning({ kind: 'reverse-kl' }),
    optimizer,
  });
  const mean = ({ metrics: { columns, start: edges } }: typeof first): number => {
    const tokens = edges.at(-1)!;
    let sum = 0;
    for (let token = 0; token < tokens; token++) sum += columns[token * METRIC_COLUMNS + METRIC.loss]!;
    return sum / tokens;
  };
  assertClose([mean(first)], [golden.cases.loraLoss], 'f32Decoder', 'loss');
  expect(mean(second)).toBeLessThan(mean(first));
  assertClose(await gpu.readback.f32(base.parameters.all), before, 'exact', 'base weights');
  gpu.memory.release();
});

test('a step whose gradient is not finite changes no weight and says so', async () => {
  const golden = await loadGolden('odd');
  const { gpu, base, distiller, responses } = await start(golden, false);
  const { learner } = distiller;
  const norm = learner.trainable.tensor('model.norm.weight');
  gpu.write(norm, Float32Array.of(Number.NaN));
  const before = await gpu.readback.u32({ ...learner.trainable.all, dtype: 'u32' });
  const optimizer = { ...OPTIMIZER, learningRate: 1e-3 };
  const { gradient } = await divergenceStep(
    distiller,
    { kind: 'decoder', decoder: base.decoder },
    responses,
    {
      ...learning({ kind: 'reverse-kl' }),
      optimizer,
    },
  );
  expect(gradient.nonFinite).toBeGreaterThan(0);
  expect(await gpu.readback.u32({ ...learner.trainable.all, dtype: 'u32' })).toEqual(before);
  gpu.memory.release();
});
