import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Learner } from '../../src/learn/policy.ts';
import type { CurriculumPhase, CurriculumState } from '../../src/world/curriculum.ts';

/** Progress of a pretraining; plain JSON. */
export interface PretrainingProgress {
  stage: number;
  stageStep: number;
  learnerStep: number;
  /** Position in the current stage's stream; null at its beginning. */
  curriculum: CurriculumState | null;
  tokens: number;
  seconds: number;
  losses: { stage: CurriculumPhase; step: number; loss: number; answerLoss: number }[];
}

/** Keeps progress and the learner's arrays in a folder: written to temporary files, then renamed, so that a kill loses no checkpoint. */
export class PretrainingCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async save(learner: Learner, progress: PretrainingProgress): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const { trainable, m, v } = await learner.state();
    const arrays = Buffer.concat([trainable, m, v].map(array => Buffer.from(array.buffer)));
    const header = Buffer.from(`${JSON.stringify(progress)}\n`);
    const temporary = join(this.#folder, 'checkpoint.tmp');
    await writeFile(temporary, Buffer.concat([header, arrays]));
    await rename(temporary, join(this.#folder, 'checkpoint'));
  }

  /** Restores the learner and returns the progress, or undefined if there is none. */
  async resume(learner: Learner): Promise<PretrainingProgress | undefined> {
    const path = join(this.#folder, 'checkpoint');
    if (!existsSync(path)) return undefined;
    const bytes = await readFile(path);
    const end = bytes.indexOf(0x0a);
    const progress = JSON.parse(bytes.subarray(0, end).toString()) as PretrainingProgress;
    const { total } = learner.trainable.layout;
    const floats = new Float32Array(new Uint8Array(bytes.subarray(end + 1)).buffer);
    if (floats.length !== 3 * total)
      throw new Error(`${path} belongs to another model: remove it, or use --fresh`);
    const [trainable, m, v] = [0, 1, 2].map(i => floats.slice(i * total, (i + 1) * total));
    learner.restore({ step: progress.learnerStep, trainable: trainable!, m: m!, v: v! });
    return progress;
  }
}
