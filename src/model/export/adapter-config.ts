import type { DecoderConfig } from '../config.ts';
import { PROJECTIONS, type ProjectionName } from '../decoder-parameters.ts';
import type { LoraShape } from '../lora.ts';
import { ADAPTER_CONFIG, refuseAdapter } from './adapter-fault.ts';

/**
 * `adapter_config.json` of PEFT, all that a plain LoRA adapter needs: every field that is absent has PEFT's default.
 * @param base what PEFT loads the base model from: `owner/name` on the hub, or a folder
 */
export function adapterConfig(
  { layers }: Pick<DecoderConfig, 'layers'>,
  { rank, alpha, targets, lastLayers = 0 }: LoraShape,
  base: string,
): Readonly<Record<string, unknown>> {
  const first = Math.max(0, layers - lastLayers);
  return {
    base_model_name_or_path: base,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layers_to_transform:
      lastLayers === 0 ? null : Array.from({ length: layers - first }, (_, layer) => first + layer),
    lora_alpha: alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: 'LORA',
    r: rank,
    target_modules: PROJECTIONS.filter(name => targets.includes(name)),
    task_type: 'CAUSAL_LM',
    use_dora: false,
    use_rslora: false,
  };
}

/** What an `adapter_config.json` says. */
export interface AdapterSettings {
  readonly shape: LoraShape;
  /** The model it was trained on, as named by the file; empty if it names none. Unchecked. */
  readonly base: string;
}

/** Fields without effect on what a trained adapter computes. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  ...['auto_mapping', 'base_model_name_or_path', 'ensure_weight_tying', 'inference_mode', 'loftq_config'],
  ...['lora_dropout', 'megatron_core', 'peft_version', 'qalora_group_size', 'revision', 'runtime_config'],
  ...['layers_pattern'],
]);

/** Initialisations of A and B that leave the base unchanged; the others move a part of the base into the adapter. */
const PLAIN_STARTS: readonly unknown[] = [true, false, null, 'gaussian', 'eva', 'orthogonal'];

/**
 * Reads `adapter_config.json` strictly. Anything for which PEFT would compute something other than y += (alpha / r) (x Aᵀ) Bᵀ on the last
 * layers' linear maps is refused by name, unknown fields included.
 * @throws LabError `E_ADAPTER_CONFIG` (not JSON, or a field of the wrong kind), `E_ADAPTER_KIND`, `E_ADAPTER_OPTION`,
 * `E_ADAPTER_TARGETS`, `E_ADAPTER_LAYERS`.
 */
export function readAdapterConfig(text: string, { layers }: Pick<DecoderConfig, 'layers'>): AdapterSettings {
  const fields = parsed(text);
  const kind = fields.get('peft_type');
  if (kind !== 'LORA')
    refuseAdapter(ADAPTER_CONFIG, {
      code: 'E_ADAPTER_KIND',
      message: `the adapter is of kind ${shown(kind)}; only LORA is read`,
      place: 'peft_type',
    });
  const task = fields.get('task_type') ?? 'CAUSAL_LM';
  if (task !== 'CAUSAL_LM')
    refuseAdapter(ADAPTER_CONFIG, {
      code: 'E_ADAPTER_KIND',
      message: `the adapter is for ${shown(task)}; only CAUSAL_LM is read`,
      place: 'task_type',
    });
  const start = fields.get('init_lora_weights') ?? true;
  if (!PLAIN_STARTS.includes(start)) refuseOption('init_lora_weights', start);
  const bias = fields.get('bias') ?? 'none';
  if (bias !== 'none') refuseOption('bias', bias);
  for (const [name, value] of fields)
    if (!READ.has(name) && !WITHOUT_EFFECT.has(name) && !isNeutral(value)) refuseOption(name, value);
  const base = fields.get('base_model_name_or_path');
  const lastLayers = lastLayersOf(fields.get('layers_to_transform'), layers);
  return {
    shape: {
      rank: rankOf(fields.get('r')),
      alpha: alphaOf(fields.get('lora_alpha')),
      targets: targetsOf(fields.get('target_modules')),
      ...(lastLayers > 0 && { lastLayers }),
    },
    base: typeof base === 'string' ? base : '',
  };
}

const READ: ReadonlySet<string> = new Set([
  ...['peft_type', 'task_type', 'init_lora_weights', 'bias', 'r', 'lora_alpha', 'target_modules'],
  ...['layers_to_transform'],
]);

function parsed(text: string): ReadonlyMap<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuseAdapter(ADAPTER_CONFIG, {
      code: 'E_ADAPTER_CONFIG',
      message: `the file is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuseAdapter(ADAPTER_CONFIG, {
      code: 'E_ADAPTER_CONFIG',
      message: 'the file is not a JSON object',
    });
  return new Map(Object.entries(value));
}

/** Off in PEFT's terms: null, false, or nothing in it. */
const isNeutral = (value: unknown): boolean =>
  value === null || value === false || (typeof value === 'object' && Object.keys(value).length === 0);

const LONGEST_SHOWN = 80;
const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
};

function refuseOption(name: string, value: unknown): never {
  return refuseAdapter(ADAPTER_CONFIG, {
    code: 'E_ADAPTER_OPTION',
    message: `${name.slice(0, LONGEST_SHOWN)} is ${shown(value)}, which changes what the adapter computes and is not supported`,
    place: name.slice(0, LONGEST_SHOWN),
  });
}

function wrong(place: string, value: unknown, wanted: string): never {
  return refuseAdapter(ADAPTER_CONFIG, {
    code: 'E_ADAPTER_CONFIG',
    message: `${place} is ${shown(value)}; ${wanted} is needed`,
    place,
  });
}

function rankOf(value: unknown): number {
  const isRank = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 256;
  return isRank ? value : wrong('r', value, 'a whole number from 1 to 256');
}

function alphaOf(value: unknown): number {
  const isAlpha = typeof value === 'number' && Number.isFinite(value) && value > 0;
  return isAlpha ? value : wrong('lora_alpha', value, 'a positive number');
}

function targetsOf(value: unknown): ProjectionName[] {
  if (!Array.isArray(value) || value.length === 0)
    return wrong('target_modules', value, 'a list of projections');
  const known: readonly string[] = PROJECTIONS;
  const foreign = value.filter(name => typeof name !== 'string' || !known.includes(name));
  if (foreign.length > 0)
    refuseAdapter(ADAPTER_CONFIG, {
      code: 'E_ADAPTER_TARGETS',
      message: `target_modules names ${shown(foreign)}; only ${PROJECTIONS.join(', ')} can be adapted`,
      place: 'target_modules',
    });
  return PROJECTIONS.filter(name => value.includes(name));
}

/** How many of the last layers are adapted; 0 for all. */
function lastLayersOf(value: unknown, layers: number): number {
  if (value === null || value === undefined) return 0;
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [value];
  const refuse = (message: string): never =>
    refuseAdapter(ADAPTER_CONFIG, { code: 'E_ADAPTER_LAYERS', message, place: 'layers_to_transform' });
  const numbers = chosen.filter(layer => Number.isInteger(layer)) as number[];
  if (numbers.length === 0 || numbers.length !== chosen.length)
    return wrong('layers_to_transform', value, 'a list of layers');
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  if (sorted[0]! < 0 || sorted.at(-1)! >= layers)
    refuse(`layers ${shown(sorted)} are adapted; the model has layers 0 to ${layers - 1}`);
  if (sorted.at(-1) !== layers - 1 || sorted[0] !== layers - sorted.length)
    refuse(`layers ${shown(sorted)} are adapted; only all layers, or the last ones without a gap, can be`);
  return sorted.length === layers ? 0 : sorted.length;
}
