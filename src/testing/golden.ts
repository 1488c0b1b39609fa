import { readConfig } from '../model/config.ts';
import type { NamedArrays } from '../model/parameters.ts';
import { readSafetensors } from '../model/safetensors.ts';
import type { DecoderConfig, DecoderModel, LoraAdapter } from '../reference/decoder.ts';
import { packSequences, predictingRows, type PackedBatch } from '../reference/packed-batch.ts';

export type GoldenName = 'odd' | 'world-s';

/** Tensor files of a golden folder, without extension. `world-s` has only the first and 'grads-reverse-kl'. */
export type GoldenTensors =
  | 'model'
  | 'lora'
  | 'grads-reverse-kl'
  | 'grads-forward-kl'
  | 'grads-cross-entropy'
  | 'grads-lora-reverse-kl';

/** Rank and alpha of lora.safetensors. */
export const GOLDEN_LORA = { rank: 8, alpha: 16 } as const;

/** cases.json; see golden/README.md. */
export interface GoldenCases {
  readonly student: readonly number[][];
  readonly teacher: readonly number[][];
  readonly response: readonly number[][];
  /** Logits of the first rows that predict response 1, seven decimals. */
  readonly studentLogits1: readonly number[][];
  readonly divergences: Readonly<Record<string, GoldenDivergence>>;
  readonly crossEntropy: number;
  readonly loraLoss: number;
  readonly adamw: {
    readonly lr: number;
    readonly betas: readonly [number, number];
    readonly eps: number;
    readonly weightDecay: number;
    readonly clip: number;
    readonly losses: readonly number[];
    /** Before clipping. */
    readonly gradNorms: readonly number[];
  };
}

export interface GoldenDivergence {
  readonly kind: 'reverse-kl' | 'forward-kl' | 'jsd';
  readonly tau: number;
  readonly beta: number;
  /** Mean of perToken. */
  readonly loss: number;
  readonly perToken: readonly number[];
}

export interface Golden {
  readonly name: GoldenName;
  /** config.json as it stands. */
  readonly config: unknown;
  readonly cases: GoldenCases;
  /** Reads a tensor file: f32 with shapes. Rejects if the folder lacks it. */
  tensors(file: GoldenTensors): Promise<NamedArrays>;
}

/** A packed batch of the golden's sequences with the rows that predict the responses and the tokens they predict. */
export interface GoldenBatch {
  readonly batch: PackedBatch;
  readonly rows: Uint32Array;
  readonly targets: Uint32Array;
}

// Inlined as data URIs, which fetch() reads in Node as well as in the browser: no path, no server, no node:fs.
const binaries = import.meta.glob<string>('./golden/*/*.safetensors', {
  query: '?url&inline',
  import: 'default',
});
const configs = import.meta.glob<unknown>('./golden/*/config.json', { import: 'default' });
const cases = import.meta.glob<GoldenCases>('./golden/*/cases.json', { import: 'default' });

/** Loads config and cases of a golden; tensors on demand. */
export async function loadGolden(name: GoldenName): Promise<Golden> {
  return {
    name,
    config: await present(configs, `./golden/${name}/config.json`),
    cases: await present(cases, `./golden/${name}/cases.json`),
    tensors: async file => {
      const path = `./golden/${name}/${file}.safetensors`;
      const response = await fetch(await present(binaries, path));
      return readSafetensors(new Uint8Array(await response.arrayBuffer()), path);
    },
  };
}

/** The golden's sequences packed, of the student or of the teacher, in their order. */
export function goldenBatch({ cases: golden }: Golden, side: 'student' | 'teacher'): GoldenBatch {
  return {
    batch: packSequences(golden[side]),
    rows: predictingRows(
      golden[side],
      golden.response.map(response => response.length),
    ),
    targets: Uint32Array.from(golden.response.flat()),
  };
}

/** The golden's model for the reference, widened to f64; with its adapter on request. */
export async function referenceModel(
  golden: Golden,
  options: { lora?: boolean } = {},
): Promise<DecoderModel> {
  const model = {
    config: referenceConfig(golden.config),
    parameters: widened(await golden.tensors('model')),
  };
  if (!options.lora) return model;
  const adapter: LoraAdapter = { ...GOLDEN_LORA, matrices: widened(await golden.tensors('lora')) };
  return { ...model, adapter };
}

/** Hugging Face's names to the reference's. */
export function referenceConfig(json: unknown): DecoderConfig {
  const { dim: hidden, normEps: rmsNormEps, ...sizes } = readConfig(json);
  return { ...sizes, hidden, rmsNormEps };
}

/** Copies in f64 under the same names: what the reference reads, and what a reference optimiser may overwrite. */
export function widened(arrays: NamedArrays): Map<string, Float64Array> {
  return new Map([...arrays].map(([name, { data }]) => [name, Float64Array.from(data)]));
}

/** A file of a glob. Rejects where there is none of that path. */
export async function present<T>(files: Record<string, () => Promise<T>>, path: string): Promise<T> {
  const load = files[path];
  if (!load) throw new Error(`golden file ${path} is missing; present: ${Object.keys(files).join(', ')}`);
  return load();
}
