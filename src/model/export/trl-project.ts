import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ChatMessage } from '../../contract/prompts.ts';
import type { Objective } from '../../settings/objectives.ts';
import { teacherLabel, type TeacherConfig } from '../../settings/teacher-kinds.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import { LabError } from '../../contract/errors.ts';
import type { DecoderConfig } from '../config.ts';
import { adapterConfig } from './adapter-config.ts';
import { trlReadme } from './trl-readme.ts';
import train from './trl/train.py?raw';

/** A query of a step, in the order of the run's steps. */
export interface TrlRow {
  readonly messages: readonly ChatMessage[];
  /** c(x) as text; null if no clause applies. */
  readonly constitution: string | null;
  readonly kind: string;
  /** Token ids of x and of [c(x); x] up to where the answer begins: what the script checks its own tokenisation against. */
  readonly prompt: Uint32Array;
  readonly teacherPrompt: Uint32Array;
}

/** Where the script finds the base: on the hub, in a folder of the project, or nowhere but on the person's disk. */
export type TrlModel =
  { readonly hub: string; readonly revision: string } | { readonly folder: string } | null;

export interface TrlRun {
  readonly config: RunConfig;
  readonly decoder: DecoderConfig;
  readonly model: TrlModel;
  /** Of whole steps; the script starts over where the run has more. */
  readonly rows: readonly TrlRow[];
}

/** Where a calibrated teacher lies in the project, whole. */
export const TRL_TEACHER = 'teacher';

const REQUIREMENTS = [
  ...['trl[peft]==1.16.0', 'transformers==5.23.0', 'peft==0.21.2'],
  ...['accelerate==1.15.0', 'datasets==5.2.0', 'torch>=2.6'],
];

const ACCELERATE = `compute_environment: LOCAL_MACHINE
distributed_type: 'NO'
num_machines: 1
num_processes: 1
mixed_precision: 'no'
use_cpu: false
`;

/**
 * The texts of a project that repeats a run on TRL's SDFT trainer (TRL 1.16, `trl.experimental.sdft`), by path; weights are added by
 * the caller. Text that people wrote goes into JSON alone, never into a script, so that it cannot run.
 * @throws LabError `E_EXPORT_TRL` for runs that this trainer cannot repeat, naming the setting.
 */
export function trlProject(run: TrlRun): ReadonlyMap<string, string> {
  const { config, model, rows } = run;
  return new Map([
    ['README.md', trlReadme(config, model, rows.length / config.queries)],
    ['train.py', train],
    ['settings.json', `${jsonOf(settingsOf(run), 2)}\n`],
    ['train.jsonl', rows.map(row => `${jsonOf(lineOf(row))}\n`).join('')],
    ['accelerate.yaml', ACCELERATE],
    ['requirements.txt', `${REQUIREMENTS.join('\n')}\n`],
  ]);
}

/** A lone surrogate, which neither tokenizer nor Arrow accepts: every UTF-8 encoder writes it as U+FFFD. */
const LONE_SURROGATE = /\p{Cs}/gu;
const jsonOf = (value: object, space = 0): string =>
  JSON.stringify(
    value,
    (_key, part: unknown) => (typeof part === 'string' ? part.replace(LONE_SURROGATE, '\ufffd') : part),
    space,
  );

const lineOf = ({ messages, constitution, kind, prompt, teacherPrompt }: TrlRow): object => ({
  prompt: messages,
  privileged_context: constitution ?? '',
  kind,
  prompt_sha256: digestOf(prompt),
  teacher_sha256: digestOf(teacherPrompt),
});

/** Of token ids: 16 digits of the SHA-256 of their decimal numbers with commas between. */
const digestOf = (ids: Uint32Array): string => bytesToHex(sha256(utf8ToBytes(ids.join()))).slice(0, 16);

function settingsOf({ config, decoder, model }: TrlRun): object {
  const { optimizer, shaping, temperature, topK, topP } = config;
  if (config.teacherContext !== 'constitution')
    refuseTrl(
      'teacherContext',
      'a teacher that also reads the frontier’s answers has no place in TRL’s trainer',
    );
  if (config.adapter !== null)
    refuseTrl('adapter', 'a run that started from an adapter has no place in this project');
  return {
    format: 'copsd-trl',
    version: 1,
    model,
    end_of_turn: decoder.eos,
    steps: config.steps,
    seed: config.seed,
    thinking: config.chat?.thinking ?? false,
    teacher: teacherOf(config.teacher),
    divergence: {
      alpha: alphaOf(config.objective),
      temperature: config.divergenceTemperature,
      top_k: shaping.topK,
      token_clip: shaping.tokenClip,
    },
    skip_first: shaping.skipFirst,
    rollouts: {
      queries: config.queries,
      per_query: config.rolloutsPerQuery,
      max_new_tokens: config.maxNewTokens,
    },
    sampling: { temperature, top_k: topK, top_p: topP },
    optimizer: {
      learning_rate: optimizer.learningRate,
      beta1: optimizer.beta1,
      beta2: optimizer.beta2,
      epsilon: optimizer.epsilon,
      weight_decay: optimizer.weightDecay,
      clip_norm: optimizer.clipNorm,
      warmup_steps: optimizer.warmupSteps,
      schedule: optimizer.schedule,
    },
    lora: config.lora && loraOf(config.lora, decoder),
    run: config,
  };
}

/** What `LoraConfig` takes, as the exported adapter's own file says it. */
function loraOf(lora: NonNullable<RunConfig['lora']>, decoder: DecoderConfig): object {
  const { r, lora_alpha, target_modules, layers_to_transform } = adapterConfig(decoder, lora, '');
  return { r, lora_alpha, target_modules, layers_to_transform };
}

/** TRL's interpolation: 0 is forward, 1 reverse KL, between them the generalised JSD with β (docs/method.md). */
function alphaOf(objective: Objective): number {
  if (objective.kind === 'reverse-kl') return 1;
  if (objective.kind === 'forward-kl') return 0;
  if (objective.kind === 'jsd') return objective.beta;
  return refuseTrl(
    'objective',
    `TRL’s trainer has no ${objective.kind}; it has reverse and forward KL and the JSD`,
  );
}

function teacherOf(teacher: TeacherConfig): object {
  const own = { update_rate: 0, sync_steps: 1, folder: null };
  switch (teacher.kind) {
    case 'frozen':
      return { ...own, kind: 'base' };
    case 'calibrated':
      return { ...own, kind: 'base', folder: TRL_TEACHER };
    case 'live':
      return { ...own, kind: 'live' };
    case 'refreshed':
      return { ...own, kind: 'ema', update_rate: 1, sync_steps: teacher.every };
    case 'ema':
      return { ...own, kind: 'ema', update_rate: 1 - teacher.decay };
    default:
      return refuseTrl(
        'teacher',
        `TRL’s self-distillation has no place for the teacher ‘${teacherLabel(teacher)}’`,
      );
  }
}

function refuseTrl(place: string, message: string): never {
  throw new LabError({
    code: 'E_EXPORT_TRL',
    message,
    place,
    consequence: 'Nothing was written.',
    nextStep: 'Save the adapter or the merged weights instead, or change that setting and run again.',
  });
}
