import { UnsupportedConfigError, readConfig, type DecoderConfig } from '../config.ts';
import type { WeightStorage } from '../weight-storage.ts';
import { refuseFile, sized } from './fault.ts';
import { readJsonFile, type JsonObject } from './json-file.ts';
import { modelSize } from './model-size.ts';
import type { ModelSource } from './model-source.ts';

const FILE = 'config.json';
const LIMITS = { maxBytes: 2 ** 20, maxDepth: 16 };

/** Longest sequence that a configuration may claim; the longest known ones claim 10 million. */
const MAX_CONTEXT = 2 ** 24;

export interface SizeLimits {
  /** Most bytes of the weights as stored. */
  readonly maxBytes: number;
  readonly storage: WeightStorage;
}

/** A refused value may be as long as the file. */
const LONGEST_REASON = 200;

/** Sizes that must be at least one, by their names in `config.json`. */
const SIZES = [
  ['vocab', 'vocab_size'],
  ['dim', 'hidden_size'],
  ['layers', 'num_hidden_layers'],
  ['heads', 'num_attention_heads'],
  ['kvHeads', 'num_key_value_heads'],
  ['headDim', 'head_dim'],
  ['ffn', 'intermediate_size'],
  ['contextLength', 'max_position_embeddings'],
] as const;

/**
 * Reads `config.json` strictly, and computes the sizes it implies before anything is allocated.
 * @throws LabError as `readJsonFile`; `E_MODEL_CONFIG` for what the engine does not compute, `E_CONFIG_SIZE` for an invalid size,
 *   `E_CONFIG_TOKEN_ID`, `E_MODEL_TOO_LARGE` naming the bytes.
 */
export async function readConfigFile(
  source: ModelSource,
  { maxBytes, storage }: SizeLimits,
): Promise<DecoderConfig> {
  const config = supported(await readJsonFile(source, FILE, LIMITS));
  for (const [key, field] of SIZES) expectSize(config[key], field);
  if (config.contextLength > MAX_CONTEXT)
    refuseFile(FILE, {
      code: 'E_CONFIG_SIZE',
      message: `a context of ${config.contextLength} tokens is asked for; at most ${MAX_CONTEXT} are believed`,
      place: 'max_position_embeddings',
    });
  for (const [field, ids] of [
    ['bos_token_id', config.bos],
    ['eos_token_id', config.eos],
    ['pad_token_id', config.pad],
  ] as const)
    for (const id of [ids].flat()) if (id !== null) expectTokenId(id, config.vocab, field);
  const { parameters, bytes } = modelSize(config, storage);
  if (bytes > maxBytes)
    refuseFile(FILE, {
      code: 'E_MODEL_TOO_LARGE',
      message: `${parameters} parameters are asked for, which take ${sized(bytes)} as ${storage}; there is room for ${sized(maxBytes)}`,
      place: SIZES.slice(0, -1)
        .map(([key, field]) => `${field} ${config[key]}`)
        .join(', '),
      nextStep: 'Choose a smaller model, or store its weights in fewer bits.',
    });
  return config;
}

function supported(json: JsonObject): DecoderConfig {
  try {
    return readConfig(json);
  } catch (error) {
    if (!(error instanceof UnsupportedConfigError)) throw error;
    const message = error.message.replace(/^config\.json:? /, '').slice(0, LONGEST_REASON);
    const field = /^([\w.]+) is /.exec(message)?.[1];
    return refuseFile(
      FILE,
      {
        code: 'E_MODEL_CONFIG',
        message,
        ...(field !== undefined && { place: field }),
        nextStep: 'Choose a model of the Llama, Qwen2 or Qwen3 family.',
      },
      error,
    );
  }
}

function expectSize(value: number, field: string): void {
  if (value >= 1) return;
  refuseFile(FILE, {
    code: 'E_CONFIG_SIZE',
    message: `${field} is ${value}; a whole number from 1 is needed`,
    place: field,
  });
}

function expectTokenId(id: number, vocab: number, field: string): void {
  if (id < vocab) return;
  refuseFile(FILE, {
    code: 'E_CONFIG_TOKEN_ID',
    message: `${field} is ${id}; the vocabulary has the ids 0 to ${vocab - 1}`,
    place: field,
  });
}
