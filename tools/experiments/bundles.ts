import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunConfig } from '../../src/settings/run-config.ts';
import { checkRunText } from '../../src/record/read-run.ts';
import type { RunRecord } from '../../src/record/run-record.ts';
import { canonicalJson } from '../../src/contract/canonical-json.ts';
import type { Experiment } from './grid.ts';

/** Rows of a crossed set, and steps with samples, that a recorded run keeps. */
const KEPT_ROWS = 120;

/** Recorded runs in a folder: one file a run, and the list that the page reads. */
export class Bundles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The run of these settings and weights, if it is there and came to its end. */
  async find(
    experiment: Experiment,
    config: RunConfig,
    weightsSha256: string,
  ): Promise<RunRecord | undefined> {
    const path = join(this.#folder, fileOf(experiment, config.seed));
    if (!existsSync(path)) return undefined;
    const checked = checkRunText(await readFile(path, 'utf8'));
    if ('problem' in checked) return undefined;
    const { record } = checked;
    const { receipt, evals } = record;
    const same = canonicalJson(receipt.config) === canonicalJson(config);
    const whole = !record.fault && evals.at(-1)?.step === config.steps;
    return same && whole && receipt.weightsSha256 === weightsSha256 ? record : undefined;
  }

  /** Writes beside, then renames: a file that is there is whole. */
  async write(experiment: Experiment, record: RunRecord): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await this.#replace(fileOf(experiment, record.receipt.config.seed), JSON.stringify(trimmed(record)));
  }

  /** The list of runs, in the order of the grid. */
  async writeIndex(runs: readonly (readonly [Experiment, RunRecord])[]): Promise<void> {
    const entries = runs.map(([experiment, { receipt }]) => ({
      file: fileOf(experiment, receipt.config.seed),
      label: `${experiment.label}, seed ${receipt.config.seed}`,
      recipe: receipt.config.recipe,
      seed: receipt.config.seed,
      group: experiment.label,
    }));
    await this.#replace('index.json', JSON.stringify({ runs: entries }, null, 1));
  }

  async #replace(file: string, text: string): Promise<void> {
    const temporary = join(this.#folder, `${file}.tmp`);
    await writeFile(temporary, `${text}\n`);
    await rename(temporary, join(this.#folder, file));
  }
}

const fileOf = ({ id }: Experiment, seed: number): string => `${id}-${seed}.json`;

/** Without the long tails: most of the crossed set, and the samples between first and last. Figures lose nothing. */
function trimmed(record: RunRecord): RunRecord {
  const { calibration, samples } = record;
  const last = samples.at(-1)?.step;
  return {
    ...record,
    calibration: calibration && {
      ...calibration,
      rows: calibration.rows.slice(0, KEPT_ROWS),
      omittedRows: Math.max(0, calibration.rows.length - KEPT_ROWS),
    },
    samples: samples.filter(({ step }) => step === 0 || step === last),
  };
}
