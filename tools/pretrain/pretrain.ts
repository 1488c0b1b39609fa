import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import type { EvaluationRecord } from '../../src/record/run-record.ts';
import { createPromptBuilder } from '../../src/data/prompt.ts';
import { sha256 } from '../../src/contract/sha256.ts';
import type { OpenModel } from '../../src/assets/open-model.ts';
import { Learner, loadModel } from '../../src/learn/policy.ts';
import { learningRateAt } from '../../src/learn/schedule.ts';
import { mixSeed } from '../../src/tasks/seeds.ts';
import { session } from '../../src/run/session.ts';
import { SupervisedTrainer, type SupervisedBatch } from '../../src/learn/supervised-training.ts';
import { openGpu } from '../../src/gpu/device.ts';
import { writeConfig, type DecoderConfig } from '../../src/model/config.ts';
import { initialWeights } from '../../src/model/initial-weights.ts';
import { growWeights } from '../../src/model/grow-weights.ts';
import type { NamedArrays } from '../../src/model/parameters.ts';
import { normalFrom } from '../../src/model/random.ts';
import { readSafetensors, writeSafetensors } from '../../src/model/safetensors.ts';
import { CurriculumStream } from '../../src/world/curriculum.ts';
import { Rng } from '../../src/world/rng.ts';
import { exampleTokens, tokenWeight, type TrainingBatch } from '../../src/world/training-example.ts';
import { openDawn } from '../node/dawn.ts';
import { readTokenizer } from '../node/model-folder.ts';
import { openModelHere } from '../node/open-model.ts';
import { PretrainingCache, type PretrainingProgress } from './pretraining-cache.ts';
import { PRETRAINING, type PretrainingPlan } from './pretraining-plans.ts';
import { evaluationTable } from '../lab/evaluation-table.ts';
import { bar, duration } from '../node/progress.ts';
import { tokenizerFiles } from './write-tokenizer.ts';

const USAGE = `usage: npm run pretrain -- [--plan world-s] [--seed 1] [--out public/models/<plan>] [--fresh]

Trains the embedded model from random weights with this engine (Dawn for Node) and writes it in Hugging Face layout, with a
receipt. It resumes where it stopped: progress is kept in .cache/pretrain every 50 steps; --fresh forgets it.`;

const OPTIMIZER = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1 };

/** The world's tokenizer, which all of its models share. */
const TOKENIZER_FOLDER = 'public/models/world-s';

/** Held-out queries of each kind behind the receipt's evaluation table. */
const EVALUATION_QUERIES = 96;

/** Steps between progress lines and checkpoints. */
const INTERVAL = 50;

export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      plan: { type: 'string', default: 'world-s' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const plan = PRETRAINING[values.plan];
  if (values.help || !plan) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const seed = Number(values.seed);
  const folder = resolve(values.out ?? join('public/models', values.plan));
  const cache = new PretrainingCache(resolve('.cache/pretrain', `${values.plan}-${seed}`));

  const tokenizer = await readTokenizer(TOKENIZER_FOLDER);
  const { bos, eos, pad } = tokenizer.ids;
  const config: DecoderConfig = { ...plan.shape, vocab: tokenizer.vocabularySize, bos, eos: [eos], pad };
  const gpu = await openGpu(await openDawn());
  const rng = new Rng(mixSeed(seed, 0));
  const normal = normalFrom(() => rng.float());
  const base = loadModel(gpu, gpu.memory, config, await startingWeights(plan, config, normal));
  const learner = new Learner(gpu, gpu.memory, base, { lora: null, normal });
  const rows = Math.max(...plan.stages.map(stage => stage.tokensPerBatch));
  const trainer = new SupervisedTrainer(gpu, gpu.memory, learner, { rows, scored: rows });

  const resumed = values.fresh ? undefined : await cache.resume(learner);
  const progress = resumed ?? {
    stage: 0,
    stageStep: 0,
    learnerStep: 0,
    curriculum: null,
    tokens: 0,
    seconds: 0,
    losses: [],
  };
  const { vendor, architecture, description } = gpu.device.adapterInfo;
  const adapter = [vendor, architecture, description].filter(Boolean).join(' ');
  console.log(
    `${values.plan}: ${learner.trainable.layout.count.toLocaleString('en')} parameters, vocabulary ${config.vocab}, ` +
      `${(gpu.memory.bytes / 2 ** 20).toFixed(0)} MiB on ${adapter}${resumed ? `; resumed at step ${learner.step}` : ''}`,
  );
  while (progress.stage < plan.stages.length) {
    await runStage(plan, seed, progress, {
      learner,
      trainer,
      cache,
      encoder: createPromptBuilder(tokenizer),
    });
    Object.assign(progress, { stage: progress.stage + 1, stageStep: 0, curriculum: null });
  }

  const weights = writeSafetensors(await learner.trainable.download(gpu));
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(tokenizerFiles())) await writeFile(join(folder, name), text);
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(writeConfig(config), null, 2)}\n`);
  await writeFile(join(folder, 'model.safetensors'), weights);
  console.log('evaluating on held-out queries');
  const evaluation = await evaluateModel(await openModelHere(folder));
  const receipt = {
    plan: values.plan,
    seed,
    adapter,
    parameters: learner.trainable.layout.count,
    steps: learner.step,
    tokens: progress.tokens,
    seconds: Math.round(progress.seconds),
    weightsSha256: await sha256(weights),
    optimizer: OPTIMIZER,
    shape: config,
    stages: plan.stages,
    losses: progress.losses,
    evaluation,
  };
  await writeFile(join(folder, 'receipt.json'), `${JSON.stringify(receipt, null, 1)}\n`);
  console.log(
    evaluationTable([
      ['base', evaluation.base],
      ['with constitution', evaluation.withConstitution],
    ]),
  );
  console.log(
    `wrote ${folder} after ${learner.step} steps, ${progress.tokens} tokens, ${duration(progress.seconds)}`,
  );
  gpu.destroy();
}

/** Random weights, or those of the model the plan grows from. */
async function startingWeights(
  { growFrom }: PretrainingPlan,
  config: DecoderConfig,
  normal: () => number,
): Promise<NamedArrays> {
  if (!growFrom) return initialWeights(config, normal);
  const path = resolve('public/models', growFrom.model, 'model.safetensors');
  const bytes = new Uint8Array(await readFile(path));
  return growWeights(readSafetensors(bytes, path), config, growFrom.layers);
}

/** The evaluation table of a receipt: the model on held-out queries, without and with the default constitution. */
async function evaluateModel(lab: OpenModel): Promise<Record<'base' | 'withConstitution', EvaluationRecord>> {
  const sizes = { every: 1, queriesPerKind: EVALUATION_QUERIES, geometry: false, inspect: 0 };
  const config = { ...DEFAULT_CONFIG, evaluation: { ...DEFAULT_CONFIG.evaluation, ...sizes } };
  let base: EvaluationRecord | undefined;
  for await (const event of session(lab, config, { changes: [], dropped: new Set() })) {
    if (event.type === 'evaluation') base = event.record;
    if (event.type === 'teacher' && base) return { base, withConstitution: event.record };
  }
  throw new Error('the session ended before it evaluated the model');
}

interface Trainee {
  readonly learner: Learner;
  readonly trainer: SupervisedTrainer;
  readonly cache: PretrainingCache;
  readonly encoder: ReturnType<typeof createPromptBuilder>;
}

async function runStage(
  plan: PretrainingPlan,
  seed: number,
  progress: PretrainingProgress,
  trainee: Trainee,
): Promise<void> {
  const { learner, trainer, cache, encoder } = trainee;
  const stage = plan.stages[progress.stage]!;
  const { tokensPerBatch, kindShares } = stage;
  const options = { encoder, tokensPerBatch, profile: plan.profile, ...(kindShares && { kindShares }) };
  const stream = progress.curriculum
    ? new CurriculumStream(progress.curriculum, options)
    : CurriculumStream.start(stage.phase, mixSeed(seed, 1 + progress.stage), options);
  const schedule = {
    kind: 'cosine',
    peak: stage.learningRate,
    warmupSteps: 50,
    totalSteps: stage.steps,
    floor: stage.floor,
  } as const;
  let began = performance.now();
  let sums = { loss: 0, answerLoss: 0, steps: 0, tokens: 0 };
  while (progress.stageStep < stage.steps) {
    const batch = stream.next();
    const learningRate = learningRateAt(schedule, progress.stageStep);
    const report = await trainer.step(supervised(batch), { ...OPTIMIZER, learningRate });
    if (!Number.isFinite(report.loss))
      throw new Error(`loss ${report.loss} in step ${progress.stageStep} of ${stage.phase}`);
    progress.stageStep++;
    sums = {
      loss: sums.loss + report.loss,
      answerLoss: sums.answerLoss + report.answerLoss,
      steps: sums.steps + 1,
      tokens: sums.tokens + batch.tokens,
    };
    if (progress.stageStep % INTERVAL !== 0 && progress.stageStep !== stage.steps) continue;
    const seconds = (performance.now() - began) / 1000;
    const [loss, answerLoss] = [sums.loss / sums.steps, sums.answerLoss / sums.steps];
    const perToken = seconds / sums.tokens;
    Object.assign(progress, {
      learnerStep: learner.step,
      curriculum: stream.state,
      tokens: progress.tokens + sums.tokens,
      seconds: progress.seconds + seconds,
      losses: [...progress.losses, { stage: stage.phase, step: progress.stageStep, loss, answerLoss }],
    });
    await cache.save(learner, progress);
    const left = plan.stages
      .slice(progress.stage)
      .reduce((tokens, s) => tokens + s.steps * s.tokensPerBatch, 0);
    const remaining = (left - progress.stageStep * stage.tokensPerBatch) * perToken;
    console.log(
      `${stage.phase.padEnd(11)} ${bar(progress.stageStep / stage.steps)} ${progress.stageStep}/${stage.steps}  ` +
        `loss ${loss.toFixed(3)}  answers ${answerLoss.toFixed(3)}  ${(1 / perToken).toFixed(0)} tokens/s  ${duration(remaining)} left`,
    );
    began = performance.now();
    sums = { loss: 0, answerLoss: 0, steps: 0, tokens: 0 };
  }
}

/** Whole sequences as training targets: every token but the first is scored, with the curriculum's weights. */
function supervised({ examples }: TrainingBatch): SupervisedBatch {
  const weights = examples.flatMap(example =>
    Array.from({ length: exampleTokens(example) - 1 }, (_, i) => tokenWeight(example, i + 1)),
  );
  return {
    sequences: examples.map(({ prompt, answer }) => {
      const tokens = Uint32Array.from([...prompt, ...answer]);
      return { ids: tokens.subarray(0, tokens.length - 1), scoredStart: 1, scored: tokens.subarray(1) };
    }),
    weights: Float32Array.from(weights),
  };
}
