import { canonicalJson } from '../contract/canonical-json.ts';
import type { Artefact } from '../protocol/lab-api.ts';
import type { CalibrationRecord } from '../record/run-record.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { LabError } from '../contract/errors.ts';
import type { NamedArrays, ParameterLayout } from '../model/parameters.ts';
import type { Rollout } from '../model/rollout-types.ts';
import { writeSafetensors } from '../model/safetensors.ts';
import { sha256 } from '../contract/sha256.ts';

/** A calibrated teacher on the CPU: enough to upload it again. */
export interface CalibratedTeacher {
  readonly record: CalibrationRecord & { readonly artefact: string };
  /** Trainable values: all weights or the adapter, in `layout`. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly layout: ParameterLayout;
  readonly config: RunConfig;
  /** Its answers to the held-out queries under the constitution. */
  readonly answers: readonly Rollout[];
}

/** Calibrated teachers by name, kept while the lab is open. */
export class ArtefactStore {
  readonly #teachers = new Map<string, CalibratedTeacher>();

  keep(teacher: CalibratedTeacher): void {
    this.#teachers.set(teacher.record.artefact, teacher);
  }

  find(name: string): CalibratedTeacher | undefined {
    return this.#teachers.get(name);
  }

  list(): Artefact[] {
    return [...this.#teachers.values()].map(({ record, config, values }) => ({
      name: record.artefact,
      calibration: config.calibration!,
      constitution: config.constitution.title,
      rows: record.rows.length - record.dropped.length,
      bytes: values.byteLength,
    }));
  }

  /** The weights as safetensors. @throws LabError `E_ARTEFACT` for an unknown name. */
  file(name: string): Uint8Array<ArrayBuffer> {
    const teacher = this.#teachers.get(name);
    if (!teacher)
      throw new LabError({
        code: 'E_ARTEFACT',
        message: `there is no calibrated teacher called ${name}`,
        consequence: 'Nothing was written.',
        nextStep: 'Run COPSD again; the same settings make the same teacher.',
      });
    const { layout, values } = teacher;
    const arrays: NamedArrays = new Map(
      layout.entries.map(({ name: parameter, shape, start, length }) => [
        parameter,
        { shape, data: values.slice(start, start + length) },
      ]),
    );
    return writeSafetensors(arrays);
  }
}

/** Rows left out of Cross-SFT from a batch on, sorted: one entry for each change. */
export type DroppedRows = readonly { readonly batch: number; readonly rows: readonly number[] }[];

/** A calibrated teacher's name: a hash of everything that makes it: settings, weights, and which rows were left out when. */
export async function artefactName(
  config: RunConfig,
  weightsSha256: string,
  dropped: DroppedRows,
): Promise<string> {
  const { calibration, constitution, seed, maxNewTokens, lora, evaluation } = config;
  const { review: _, ...settings } = calibration!;
  const { queriesPerKind } = evaluation;
  const { beta1, beta2, epsilon, weightDecay, clipNorm } = config.optimizer;
  const optimizer = { beta1, beta2, epsilon, weightDecay, clipNorm };
  const made = {
    settings,
    optimizer,
    constitution,
    seed,
    maxNewTokens,
    lora,
    queriesPerKind,
    weightsSha256,
    dropped,
  };
  const hash = await sha256(new TextEncoder().encode(canonicalJson(made)));
  return `calibrated-${hash.slice(0, 10)}`;
}
