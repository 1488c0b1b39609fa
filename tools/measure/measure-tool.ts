import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { OpenModel } from '../../src/assets/open-model.ts';
import { LabError } from '../../src/contract/errors.ts';
import type { Constitution } from '../../src/contract/world.ts';
import { decoderWith, loadModel } from '../../src/learn/policy.ts';
import type { DecoderConfig } from '../../src/model/config.ts';
import type { Decoder } from '../../src/model/decoder-forward.ts';
import { PROJECTIONS } from '../../src/model/decoder-parameters.ts';
import { loraLayout, type LoraShape } from '../../src/model/lora.ts';
import { ParameterSet, type NamedArrays } from '../../src/model/parameters.ts';
import { readSafetensors } from '../../src/model/safetensors.ts';
import { failureLine } from '../node/failure.ts';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { readConstitution } from '../lab/lab-options.ts';
import { openModelHere } from '../node/open-model.ts';
import { bar, duration, statusLine } from '../node/progress.ts';

/** A command that measures one model, prints the result and, with `--json`, writes it. */
export interface MeasureTool<Name extends string> {
  readonly usage: string;
  /** Its options besides `json` and `help`; each takes a value. */
  readonly options: readonly Name[];
  measure(values: Values<Name>): Promise<{ readonly record: unknown; readonly text: string }>;
}

export type Values<Name extends string> = Readonly<Partial<Record<Name, string>>>;

export async function runMeasureTool<Name extends string>(
  { usage, options, measure }: MeasureTool<Name>,
  args: readonly string[],
): Promise<void> {
  try {
    const named = Object.fromEntries([...options, 'json'].map(name => [name, { type: 'string' as const }]));
    const { values } = parseArgs({ args: [...args], options: { ...named, help: { type: 'boolean' } } });
    if (values.help === true) {
      console.log(usage);
      return;
    }
    const { record, text } = await measure(values as Values<Name>);
    console.log(text);
    const { json } = values as Values<'json'>;
    if (json === undefined) return;
    await writeFile(json, `${JSON.stringify(record, null, 2)}\n`);
    console.log(`\nwrote ${json}`);
  } catch (error) {
    console.error(failureLine(error));
    process.exitCode = 1;
  }
}

/** Runs a measurement to its end, showing its progress. */
export async function withProgress<T>(
  measuring: AsyncGenerator<{ readonly answered: number; readonly total: number; readonly name?: string }, T>,
): Promise<T> {
  const began = performance.now();
  let next = await measuring.next();
  for (; !next.done; next = await measuring.next()) {
    const { name, answered, total } = next.value;
    const left = ((performance.now() - began) / 1000) * (total / answered - 1);
    statusLine(
      `${bar(answered / total)} ${answered}/${total}  ${name ? `${name}  ` : ''}${duration(left)} left`,
    );
  }
  statusLine('');
  return next.value;
}

/** The whole number of at least `least` that an option gives; undefined without the option. @throws LabError `E_CONFIG`. */
export function countOption(option: string, value: string | undefined, least = 1): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (Number.isInteger(count) && count >= least) return count;
  throw unfit(option, `"${value}" is not a whole number from ${least}`);
}

/** The number above 0 that an option gives; undefined without the option. @throws LabError `E_CONFIG`. */
export function positiveOption(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw unfit(option, `"${value}" is not a number above 0`);
}

/** The comma-separated entries that an option gives, each of them known; undefined without the option. @throws LabError `E_CONFIG`. */
export function namesOption<Name extends string>(
  option: string,
  value: string | undefined,
  known: readonly Name[],
): readonly Name[] | undefined {
  return value?.split(',').map(text => {
    const name = known.find(each => each === text.trim());
    if (name === undefined) throw unfit(option, `"${text.trim()}" is none of ${known.join(', ')}`);
    return name;
  });
}

const unfit = (option: string, message: string): LabError =>
  new LabError({
    code: 'E_CONFIG',
    message,
    place: `--${option}`,
    consequence: 'Nothing was measured.',
    nextStep: 'See --help.',
  });

/** The constitution of a file; harm of any kind without one. */
export const constitutionOption = async (path: string | undefined): Promise<Constitution> =>
  path === undefined ? DEFAULT_CONFIG.constitution : await readConstitution(path);

/**
 * Opens the model to measure. Its decoder is the base or, with `--weights`, the weights of a safetensors file: all of the model's, or
 * an adapter on it. Such a file does not give alpha; without `--alpha` it is twice the rank, as `npm run lab` trains adapters.
 * @throws LabError, RangeError when the weights do not fit the model.
 */
export async function openMeasured(
  values: Values<'model' | 'weights' | 'alpha'>,
): Promise<{ readonly lab: OpenModel; readonly decoder: Decoder }> {
  const { weights } = values;
  const alpha = positiveOption('alpha', values.alpha);
  const lab = await openModelHere(values.model ?? DEFAULT_CONFIG.model);
  if (weights === undefined) return { lab, decoder: lab.base.decoder };
  const { gpu, config, base } = lab;
  const arrays = readSafetensors(new Uint8Array(await readFile(weights)), basename(weights));
  const shape = adapterShape(config, arrays, alpha);
  if (!shape) return { lab, decoder: loadModel(gpu, gpu.memory, config, arrays).decoder };
  const set = new ParameterSet(gpu.memory, 'adapter', loraLayout(config, shape));
  set.upload(gpu, arrays);
  return { lab, decoder: decoderWith(base, shape, set) };
}

/** An adapter's shape from the names and shapes of its matrices; undefined for weights that are not an adapter's. */
export function adapterShape(
  { layers }: Pick<DecoderConfig, 'layers'>,
  arrays: NamedArrays,
  alpha: number | undefined,
): LoraShape | undefined {
  const names = [...arrays.keys()].filter(name => name.includes('.lora_A.'));
  if (names.length === 0) return undefined;
  const rank = arrays.get(names[0]!)!.shape[0]!;
  const first = Math.min(...names.map(name => Number(/\.layers\.(\d+)\./.exec(name)?.[1] ?? 0)));
  return {
    rank,
    alpha: alpha ?? 2 * rank,
    targets: PROJECTIONS.filter(target => names.some(name => name.includes(`.${target}.`))),
    lastLayers: layers - first,
  };
}
