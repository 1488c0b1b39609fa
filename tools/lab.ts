import { readFile, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeFault, LabError } from '../src/contract/errors.ts';
import { LORA_TARGETS, runConfigSchema, type Objective, type RunConfig } from '../src/contract/run-config.ts';
import type { EvaluationRecord } from '../src/contract/run-record.ts';
import { DEFAULT_CONFIG } from '../src/contract/default-config.ts';
import { importConstitution } from '../src/data/constitution/import-constitution.ts';
import { describeFailure } from '../src/distill/failures.ts';
import { openLab } from '../src/distill/lab.ts';
import { RunRecorder } from '../src/distill/run-recorder.ts';
import { session } from '../src/distill/session.ts';
import { openGpu } from '../src/gpu/device.ts';
import { openDawn } from './dawn.ts';
import { readModelFiles } from './model-folder.ts';
import { evaluationTable } from './evaluation-table.ts';
import { bar, duration } from './progress.ts';

const USAGE = `usage: npm run lab -- [options]

Runs the lab's session without a page, in Node through Dawn: on a graphics card, or on a software adapter that it finds by
itself (Mesa's lavapipe, or the SwiftShader of an installed Chromium).

  --recipe opsd            what to run
  --divergence KIND        reverse-kl (default), forward-kl, jsd, sampled-advantage
  --beta B                 of jsd, default 0.5
  --steps N --seed N       default 60 and 1
  --lr X                   default 5e-4 (2e-3 with --lora)
  --temperature T          of the rollouts, default 1
  --queries N --rollouts N queries a step (16) and rollouts of each (1; sampled-advantage: 4 and 4)
  --lora R                 train an adapter of rank R, alpha 2R
  --constitution FILE      .md, .txt, .json or .yaml; default: harm of any kind
  --every N --eval N       steps between evaluations (10), held-out queries of each kind (96)
  --model NAME             a folder under public/models, default world-s
  --json FILE              writes the whole run: receipt, steps, evals, teacher, samples`;

const OPTIONS = {
  recipe: { type: 'string', default: 'opsd' },
  divergence: { type: 'string', default: 'reverse-kl' },
  beta: { type: 'string', default: '0.5' },
  steps: { type: 'string', default: '60' },
  seed: { type: 'string', default: '1' },
  lr: { type: 'string' },
  temperature: { type: 'string', default: '1' },
  queries: { type: 'string' },
  rollouts: { type: 'string' },
  lora: { type: 'string' },
  constitution: { type: 'string' },
  every: { type: 'string', default: '10' },
  eval: { type: 'string', default: '96' },
  model: { type: 'string', default: DEFAULT_CONFIG.model },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export async function main(args: readonly string[]): Promise<void> {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    if (values.help) console.log(USAGE);
    else await run(await readOptions(values), values.json);
  } catch (error) {
    console.error(describeFault(describeFailure(error)));
    process.exitCode = 1;
  }
}

type Values = Readonly<Partial<Record<keyof typeof OPTIONS, string | boolean>>>;

async function readOptions(values: Values): Promise<RunConfig> {
  const number = (name: keyof Values, fallback: number): number =>
    values[name] === undefined ? fallback : Number(values[name]);
  const kind = String(values.divergence);
  const grouped = kind === 'sampled-advantage';
  const rank = number('lora', 0);
  const config = {
    ...DEFAULT_CONFIG,
    ...{ recipe: values.recipe, model: values.model },
    objective: (kind === 'jsd' ? { kind, beta: number('beta', 0.5) } : { kind }) as Objective,
    ...{ steps: number('steps', 60), seed: number('seed', 1), temperature: number('temperature', 1) },
    ...{
      queries: number('queries', grouped ? 4 : 16),
      rolloutsPerQuery: number('rollouts', grouped ? 4 : 1),
    },
    optimizer: { ...DEFAULT_CONFIG.optimizer, learningRate: number('lr', rank > 0 ? 2e-3 : 5e-4) },
    lora: rank > 0 ? { rank, alpha: 2 * rank, targets: [...LORA_TARGETS] } : null,
    evaluation: { every: number('every', 10), queriesPerKind: number('eval', 96) },
    ...(values.constitution && { constitution: await readConstitution(String(values.constitution)) }),
  };
  const checked = runConfigSchema.safeParse(config);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw new LabError({
    code: 'E_CONFIG',
    message: issue?.message ?? 'the options do not make a configuration',
    place: issue?.path.join('.') ?? 'options',
    consequence: 'Nothing was run.',
    nextStep: 'See npm run lab -- --help.',
  });
}

async function readConstitution(path: string): Promise<RunConfig['constitution']> {
  const { constitution } = importConstitution({
    name: basename(path),
    bytes: new Uint8Array(await readFile(path)),
  });
  return { ...constitution, clauses: [...constitution.clauses] };
}

async function run(config: RunConfig, json: string | undefined): Promise<void> {
  const gpu = await openGpu(await openDawn());
  const files = await readModelFiles(resolve('public/models', config.model), config.model);
  const lab = await openLab(gpu, files, `Node ${process.version}`);
  const { vendor, architecture, description } = gpu.device.adapterInfo;
  console.log(
    `${config.recipe} · ${config.objective.kind} · ${config.steps} steps · seed ${config.seed} · ${description || `${vendor} ${architecture}`}`,
  );
  const { learningRate } = config.optimizer;
  const live = { learningRate, temperature: config.temperature, changes: [] };
  const recorder = new RunRecorder();
  const began = performance.now();
  for await (const event of session(lab, config, live)) {
    recorder.add(event);
    if (event.type === 'teacher') printEvaluation('teacher', event.record);
    if (event.type === 'evaluation')
      printEvaluation(event.record.step === 0 ? 'base' : `step ${event.record.step}`, event.record);
    if (event.type !== 'step') continue;
    const { step, loss, length, tokens, seconds } = event.record;
    const left = ((performance.now() - began) / 1000 / step) * (config.steps - step);
    progress(
      `${bar(step / config.steps)} ${step}/${config.steps}  loss ${loss.toFixed(3)}  length ${length.toFixed(1)}  ` +
        `${(tokens / seconds).toFixed(0)} tokens/s  ${duration(left)} left`,
    );
  }
  progress('');
  const record = recorder.record();
  if (!record) throw new Error('the session ended without a receipt');
  console.log(
    `\n${config.steps} steps in ${duration((performance.now() - began) / 1000)}, held out, temperature 1:\n`,
  );
  console.log(
    evaluationTable([
      ['base', record.evals[0]],
      ['teacher', record.teacher],
      ['student', record.evals.at(-1)],
    ]),
  );
  if (json) {
    await writeFile(json, `${JSON.stringify(record)}\n`);
    console.log(`\nwrote ${json}`);
  }
  gpu.destroy();
}

/** Rewrites the current line on a terminal; in a log only what is worth a line of its own is printed. */
function progress(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${line}`);
}

function printEvaluation(name: string, { benign, borderline, harmful, general }: EvaluationRecord): void {
  progress('');
  console.log(
    `${name.padEnd(8)} benign length ${benign.length.toFixed(1)} over-refusal ${benign.overRefusal.toFixed(2)} · ` +
      `borderline ${borderline.overRefusal.toFixed(2)} · unsafe ${harmful.unsafe.toFixed(2)} rich ${harmful.rich.toFixed(2)} · ` +
      `general ${general.accuracy.toFixed(2)}`,
  );
}
