import { expect, test } from 'vitest';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import type { Divergence } from '../settings/objectives.ts';
import { assertClose } from '../testing/compare.ts';
import { loadGolden } from '../testing/golden.ts';
import { goldenDistiller, STILL } from './golden-distiller-fixture.ts';
import { divergenceStep } from './train-step.ts';

const learning = (objective: Divergence, temperature = 1) => ({
  loss: { objective, temperature },
  optimizer: STILL,
});

test('every divergence of the PyTorch golden, token by token', async () => {
  const golden = await loadGolden('odd');
  const { gpu, base, distiller, responses } = await goldenDistiller(golden, false);
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
  const { gpu, base, distiller, responses } = await goldenDistiller(golden, false);
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
  const { gpu, base, distiller, responses } = await goldenDistiller(golden, true);
  const before = await gpu.readback.f32(base.parameters.all);
  const optimizer = { ...STILL, learningRate: 1e-3 };
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
  const { gpu, base, distiller, responses } = await goldenDistiller(golden, false);
  const { learner } = distiller;
  const norm = learner.trainable.tensor('model.norm.weight');
  gpu.write(norm, Float32Array.of(Number.NaN));
  const before = await gpu.readback.u32({ ...learner.trainable.all, dtype: 'u32' });
  const optimizer = { ...STILL, learningRate: 1e-3 };
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
