import { expect, test } from 'vitest';
import { withRecipe } from '../settings/choices.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { Gpu } from '../gpu/gpu.ts';
import { divergenceHead } from '../kernels/divergence/divergence-head.ts';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { headScratch } from '../kernels/divergence/head-chunks.ts';
import { groupAdvantage, sampledTokenReward } from '../reference/advantage.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { testRandom } from '../testing/random.ts';
import { tinyConfig, tinyLab } from '../testing/tiny-lab.ts';
import { STILL } from './golden-distiller-fixture.ts';
import { Distiller } from './distiller.ts';
import { learningOf } from './objective.ts';
import type { PolicyGradientLearning } from './policy-gradient.ts';
import { Learner } from './policy.ts';
import { RolloutEngine } from './rollout.ts';
import { LearningPass, packed } from './scored-pass.ts';
import { columnMean } from './token-metrics.ts';
import { worldTasks } from '../tasks/world-tasks.ts';

const NEW_TOKENS = 12;
const LORA: RunConfig['lora'] = { rank: 2, alpha: 4, targets: ['q_proj', 'down_proj'], lastLayers: 0 };

/** Two queries, two answers to each by the learner itself, and all that learns from them. */
async function start(lora: RunConfig['lora'] = null) {
  const gpu = new Gpu(await requestTestDevice());
  const lab = await tinyLab(gpu);
  const tasks = worldTasks(tinyConfig({ maxNewTokens: NEW_TOKENS }), lab);
  const limits = {
    responses: 4,
    promptTokens: tasks.maxPromptTokens,
    responseTokens: NEW_TOKENS,
    teacherPromptTokens: tasks.maxTeacherPromptTokens,
  };
  const random = testRandom(5);
  const learner = new Learner(gpu, gpu.memory, lab.base, { lora, normal: () => random.normal() });
  const distiller = new Distiller(gpu, gpu.memory, learner, limits);
  const [first, second] = tasks.training(1, 2);
  const batch = [first!, first!, second!, second!];
  const engine = new RolloutEngine(
    ...[gpu, gpu.memory, lab.config],
    { slots: 4, maxPromptTokens: tasks.maxPromptTokens, maxNewTokens: NEW_TOKENS },
    learner.decoder.lora,
  );
  const prompts = batch.map(task => task.prompt);
  const sampling = { temperature: 1, topK: 0, topP: 1, seed: 1, stream: 1 };
  const answers = await engine.run(learner.decoder, prompts, sampling, NEW_TOKENS);
  const responses = batch.map((task, i) => ({ ...task, response: answers[i]!.tokens }));
  const oldLogProbs = Float32Array.from(answers.flatMap(({ logProbs }) => [...logProbs]));
  const learning = (changes: Partial<PolicyGradientLearning>): PolicyGradientLearning => ({
    rolloutsPerQuery: 2,
    rewards: [null, null, null, null],
    oldLogProbs,
    clipRatio: 0.2,
    updates: 1,
    anchor: { weight: 0, base: lab.base },
    skipFirst: 0,
    optimizer: STILL,
    ...changes,
  });
  const teacher = { kind: 'decoder', decoder: lab.base.decoder } as const;
  const gradient = async (changes: Partial<PolicyGradientLearning>): Promise<Float32Array> => {
    await distiller.policyGradient.step(teacher, responses, learning(changes));
    return await gpu.readback.f32(learner.gradientSet.all);
  };
  return { gpu, lab, learner, distiller, batch, answers, responses, learning, teacher, gradient, limits };
}

type Started = Awaited<ReturnType<typeof start>>;

/** Gradient of −A log p(y) on the same answers, with the advantages that f64 gives. */
async function expectedGradient({ gpu, lab, learner, distiller, responses, teacher, limits }: Started) {
  const { columns, start: edges } = await distiller.measure(teacher, responses);
  const { vocab, dim } = lab.config;
  const tokens = edges.at(-1)!;
  const column = (name: keyof typeof METRIC): Float64Array =>
    Float64Array.from({ length: tokens }, (_, t) => columns[t * METRIC_COLUMNS + METRIC[name]]!);
  const advantages = groupAdvantage(
    sampledTokenReward(column('teacherLogProb'), column('studentLogProb')),
    new Float64Array(tokens).fill(1),
    Array.from({ length: tokens }, (_, t) => Number(t >= edges[2]!)),
  );
  const scored = limits.responses * limits.responseTokens;
  const rows = limits.responses * (limits.promptTokens + limits.responseTokens);
  const student = new LearningPass(gpu, gpu.memory, learner, { rows, scored });
  student.load(packed(responses, 'prompt'));
  const tensor = (label: string, values: Float64Array) => {
    const made = gpu.memory.tensor(label, values.length);
    gpu.write(made, Float32Array.from(values));
    return made;
  };
  const encoder = gpu.encoder();
  student.forward(encoder, learner.decoder);
  learner.zeroGradients(encoder);
  divergenceHead(encoder, {
    objective: { kind: 'policy-gradient' },
    studentHidden: student.scoredHidden,
    studentHead: learner.decoder.weights.embedding,
    target: student.batch.target,
    weight: tensor('weight', new Float64Array(tokens).fill(1 / tokens)),
    advantage: tensor('advantage', advantages),
    metrics: gpu.memory.tensor('metrics', tokens * METRIC_COLUMNS),
    scratch: headScratch(gpu.memory, { vocab, dim, tokens, teacher: false }),
    tokens,
    dHidden: student.dScoredHidden,
    ...(learner.headGradient && { dHead: learner.headGradient }),
  });
  student.backward(encoder, learner);
  encoder.submit();
  return await gpu.readback.f32(learner.gradientSet.all);
}

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

test.each([
  ['all weights', null],
  ['an adapter', LORA],
])('one update by PPO on %s has the gradient of the sampled advantage', async (_, lora) => {
  const started = await start(lora);
  const found = await started.gradient({});
  expect(largest(found)).toBeGreaterThan(0);
  assertClose(found, await expectedGradient(started), 'f32Decoder');
  started.gpu.memory.release();
});

test('in a hybrid the rows with rewards take them, the others the teacher: the gradient is the sum of both', async () => {
  const { gpu, gradient } = await start();
  const hybrid = await gradient({ rewards: [null, null, 0, 1] });
  const dense = await gradient({ rewards: [null, null, 1, 1] });
  const outcome = await gradient({ rewards: [1, 1, 0, 1] });
  expect(Math.min(largest(dense), largest(outcome))).toBeGreaterThan(0);
  assertClose(
    hybrid,
    dense.map((value, i) => value + outcome[i]!),
    'f32Decoder',
  );
  const turned = await gradient({ rewards: [1, 1, 1, 0] });
  assertClose(
    turned,
    outcome.map(value => -value),
    'f32Decoder',
  );
  gpu.memory.release();
});

test('equal rewards teach nothing; left-out tokens take no part', async () => {
  const { gpu, gradient } = await start();
  expect(largest(await gradient({ rewards: [1, 1, 0, 0] }))).toBe(0);
  expect(largest(await gradient({ skipFirst: NEW_TOKENS }))).toBe(0);
  expect(largest(await gradient({ skipFirst: NEW_TOKENS, rewards: [0, 1, 0, 1] }))).toBe(0);
  gpu.memory.release();
});

test('two updates are two steps on the same advantages, and the clip holds the second back', async () => {
  const { gpu, learner, distiller, responses, teacher, learning } = await start();
  const before = await learner.state();
  const optimizer = { ...STILL, learningRate: 1e-2 };
  const rewarded = { rewards: [0, 1, 1, 0], optimizer };
  const after = async (...all: Partial<PolicyGradientLearning>[]): Promise<Float32Array> => {
    learner.restore(before);
    for (const changes of all)
      await distiller.policyGradient.step(teacher, responses, learning({ ...rewarded, ...changes }));
    expect(learner.step).toBe(2);
    return (await learner.state()).trainable;
  };
  const twice = await after({ updates: 2, clipRatio: 0 });
  assertClose(twice, await after({ clipRatio: 0 }, { clipRatio: 0 }), 'f32Optimizer');
  const clipped = await after({ updates: 2, clipRatio: 1e-3 });
  expect(largest(clipped.map((value, i) => value - twice[i]!))).toBeGreaterThan(1e-4);
  gpu.memory.release();
});

test.each([
  ['all weights', null],
  ['an adapter', LORA],
])('the anchor pulls %s back to the base', async (_, lora) => {
  const { gpu, lab, learner, distiller, responses, teacher, learning, gradient } = await start(lora);
  const equal = { rewards: [1, 1, 1, 1], anchor: { weight: 1, base: lab.base } };
  // Student and base agree: d = 0, and so is the gradient but for rounding.
  expect(largest(await gradient(equal))).toBeLessThan(1e-5);
  const away = { ...STILL, learningRate: 1e-2 };
  await distiller.policyGradient.step(
    teacher,
    responses,
    learning({ rewards: [0, 1, 1, 0], updates: 3, optimizer: away }),
  );
  // The momentum of the way out would go on for a while.
  const state = await learner.state();
  learner.restore({ ...state, step: 0, m: state.m.map(() => 0), v: state.v.map(() => 0) });
  const plain = responses.map(({ prompt, response }) => ({ prompt, teacherPrompt: prompt, response }));
  const distance = async (): Promise<number> => {
    const { columns, start: edges } = await distiller.measure(teacher, plain);
    let sum = 0;
    for (let at = 0; at < edges.at(-1)! * METRIC_COLUMNS; at += METRIC_COLUMNS) {
      const d = columns[at + METRIC.teacherLogProb]! - columns[at + METRIC.studentLogProb]!;
      sum += Math.expm1(d) - d;
    }
    return sum / edges.at(-1)!;
  };
  const far = await distance();
  const homewards = learning({ ...equal, updates: 6, optimizer: { ...STILL, learningRate: 2e-3 } });
  const { metrics } = await distiller.policyGradient.step(teacher, responses, homewards);
  expect(far).toBeGreaterThan(1e-3);
  expect(await distance()).toBeLessThan(0.7 * far);
  // The measurement of the base in between leaves the teacher's figures alone.
  const { columns } = await distiller.measure(teacher, responses);
  const entropy = (from: Float32Array): number[] =>
    Array.from(
      { length: metrics.start.at(-1)! },
      (__, t) => from[t * METRIC_COLUMNS + METRIC.teacherEntropy]!,
    );
  assertClose(entropy(metrics.columns), entropy(columns), 'f32Decoder');
  gpu.memory.release();
});

test('GRPO follows the reward of whole answers: what it rewards becomes likelier', async () => {
  const { gpu, lab, learner, distiller, batch, answers, responses, teacher } = await start();
  const config = withRecipe(tinyConfig({ rolloutsPerQuery: 2 }), 'grpo');
  const wanted = new Set<Uint32Array>([answers[1]!.tokens, answers[2]!.tokens]);
  const judged = batch.map(task => ({
    ...task,
    reward: (tokens: Uint32Array) => Number(wanted.has(tokens)),
  }));
  const logProbs = async (): Promise<number[]> => {
    const metrics = await distiller.measure(teacher, responses);
    return answers.map((___, i) =>
      columnMean(metrics, METRIC.studentLogProb, metrics.start[i], metrics.start[i + 1]),
    );
  };
  const before = await logProbs();
  for (let step = 0; step < 3; step++) {
    const learning = await learningOf(
      { ...config, rolloutsPerQuery: 2 },
      lab.base,
      { ...STILL, learningRate: 3e-3 },
      judged,
      answers,
    );
    if ('loss' in learning) throw new Error('GRPO minimises no divergence');
    await distiller.policyGradient.step(teacher, responses, learning);
  }
  const gain = (await logProbs()).map((value, i) => value - before[i]!);
  expect(learner.step).toBe(3);
  expect(Math.min(gain[1]! - gain[0]!, gain[2]! - gain[3]!)).toBeGreaterThan(0.01);
  gpu.memory.release();
});
