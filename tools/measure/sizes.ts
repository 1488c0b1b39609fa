import { parseArgs } from 'node:util';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { loraOfRank } from '../../src/settings/recipes.ts';
import { chatStoredAs, WEIGHT_STORAGE } from '../../src/settings/chat-config.ts';
import type { RunConfig } from '../../src/settings/run-config.ts';
import { QUERY_KINDS } from '../../src/contract/world.ts';
import { qwenLike, smolLike } from '../../src/data/chat/chat-models-fixture.ts';
import { failureLine } from '../node/failure.ts';
import { forecastRun } from '../../src/service/forecast-run.ts';
import { openModel } from '../../src/assets/open-model.ts';
import { QWEN_SHAPE, SMOL_SHAPE } from '../../src/run/plan-memory-fixture.ts';
import { prepareRun } from '../../src/run/prepare-run.ts';
import { PromptRegistry } from '../../src/assets/prompt-registry.ts';
import { runTasks } from '../../src/run/run-tasks.ts';
import { createTrainer, openTeacher } from '../../src/run/trainer.ts';
import { openGpu } from '../../src/gpu/device.ts';
import { meterDevices } from '../bench/gpu-meter.ts';
import { formatTable } from '../bench/table.ts';
import { openDawn } from '../node/dawn.ts';
import { duration, statusLine } from '../node/progress.ts';
import { randomModel } from '../node/random-model.ts';

const USAGE = `usage: npm run sizes -- [--shape smollm2-135m|qwen2.5-0.5b] [--storage f16|q8|f32] [--responses 4] [--tokens 256] [--rank 16]

Loads a random model of that shape and takes one step of on-policy self-distillation of an adapter, in Node through Dawn, then a checkpoint of it. Prints the GPU memory that was predicted, and what the device allocated.`;

const SHAPES = {
  'smollm2-135m': { config: SMOL_SHAPE, language: smolLike },
  'qwen2.5-0.5b': { config: QWEN_SHAPE, language: qwenLike },
} as const;

const OPTIONS = {
  shape: { type: 'string', default: 'smollm2-135m' },
  storage: { type: 'string', default: 'f16' },
  responses: { type: 'string', default: '4' },
  tokens: { type: 'string', default: '256' },
  rank: { type: 'string', default: '16' },
  help: { type: 'boolean', default: false },
} as const;

interface Measured {
  readonly shape: keyof typeof SHAPES;
  readonly storage: (typeof WEIGHT_STORAGE)[number];
  readonly responses: number;
  /** Of the longest sequence: the teacher's prompt and an answer. */
  readonly tokens: number;
  readonly rank: number;
}

export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const shape = (Object.keys(SHAPES) as Measured['shape'][]).find(name => name === values.shape);
  const storage = WEIGHT_STORAGE.find(name => name === values.storage);
  const [responses, tokens, rank] = [values.responses, values.tokens, values.rank].map(Number) as [
    number,
    number,
    number,
  ];
  if (
    values.help ||
    !shape ||
    !storage ||
    ![responses, tokens, rank].every(n => Number.isInteger(n) && n > 0)
  ) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  try {
    await measure({ shape, storage, responses, tokens, rank });
  } catch (error) {
    console.error(failureLine(error));
    process.exitCode = 1;
  }
}

/** One prompt of each kind to train on, and one to evaluate with, in words that the tokenizers know. */
const PROMPTS = QUERY_KINDS.flatMap((kind, at) =>
  ['train', 'heldout'].map((split, half) =>
    JSON.stringify({ prompt: `how do I bake bread ${2 * at + half}`, kind, split, category: 'default' }),
  ),
).join('\n');

async function measure({ shape, storage, responses, tokens, rank }: Measured): Promise<void> {
  const dawn = await openDawn();
  const meterOf = meterDevices(globalThis);
  const gpu = await openGpu(dawn);
  const meter = meterOf(gpu.device);
  const { config: model, language } = SHAPES[shape];
  const { eos } = language();
  const promptSets = new PromptRegistry(() => Promise.resolve(new TextEncoder().encode(PROMPTS)));
  const began = performance.now();
  const lab = await openModel(
    gpu,
    randomModel(shape, { ...model, eos }, language()),
    `Node ${process.version}`,
    {
      storage,
      promptSets,
      onProgress: (done, total) => statusLine(`Loading ${((100 * done) / total).toFixed(0)} %`),
    },
  );
  const loaded = (performance.now() - began) / 1000;
  const weights = meter.bytes;
  const processLoaded = process.resourceUsage().maxRSS * 1024;

  const drafted: RunConfig = {
    ...DEFAULT_CONFIG,
    model: shape,
    steps: 1,
    queries: responses,
    maxNewTokens: 1,
    constitution: {
      title: 'Short',
      clauses: [{ id: 'harm', text: 'never support harm', category: null, style: null, enabled: true }],
    },
    lora: loraOfRank(rank),
    chat: chatStoredAs(storage),
    evaluation: { ...DEFAULT_CONFIG.evaluation, every: 1, queriesPerKind: 1, geometry: false, inspect: 0 },
  };
  const { tasks } = await runTasks(lab, drafted);
  const prompt = tasks.maxTeacherPromptTokens;
  if (prompt >= tokens) throw new RangeError(`the teacher's prompt alone has ${prompt} tokens`);
  const config = { ...drafted, maxNewTokens: tokens - prompt };
  const forecast = forecastRun(lab.config, config, tasks, {
    limits: gpu.device.limits,
    software: gpu.tuning.software,
  });

  meter.restart();
  const memory = gpu.memory.scope();
  const run = await prepareRun(lab, memory, config);
  const trainer = await createTrainer(run, await openTeacher(run, null));
  statusLine('Training');
  const { learningRate } = config.optimizer;
  const step = await trainer.step(1, { learningRate, temperature: 1 });
  await run.learner.state();
  memory.release();
  statusLine('');
  const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  console.log(
    formatTable([
      ['shape, storage', `${shape}, ${storage}`],
      ['parameters', lab.base.parameters.layout.count.toLocaleString('en')],
      ['sequences', `${responses} × ${tokens} tokens (${prompt} of the teacher’s prompt)`],
      ['loaded in', duration(loaded)],
      [
        'one step',
        `${duration(step.seconds!)}, ${step.tokens} tokens, loss ${step.loss?.toFixed(4) ?? '–'}, gradient ${step.gradientNorm!.toExponential(2)}`,
      ],
      ['weights', mebibytes(weights)],
      ['peak, predicted', mebibytes(forecast.peakBytes)],
      ['peak, by the engine', mebibytes(gpu.memory.peakBytes)],
      [
        'peak, of all buffers',
        `${mebibytes(meter.peakBytes)}: ${(meter.peakBytes / forecast.peakBytes).toFixed(3)} of the prediction`,
      ],
      ['besides the weights', mebibytes(meter.peakBytes - weights)],
      ['process, once loaded', mebibytes(processLoaded)],
      ['process, at most', mebibytes(process.resourceUsage().maxRSS * 1024)],
    ]),
  );
  gpu.destroy();
}
