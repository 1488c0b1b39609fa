import { LabError, type Fault } from '../contract/errors.ts';
import type { LabEvent } from '../protocol/lab-api.ts';
import type { KeptFacts, RunStorage } from '../protocol/kept-runs.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import { encodeRun, weightBytes } from '../run/checkpoint-file.ts';
import { describeFailure } from './failures.ts';
import type { LiveControls } from '../run/session.ts';

/** A run to be kept. */
export interface KeepRequest {
  readonly facts: Pick<KeptFacts, 'id' | 'label' | 'status' | 'config'>;
  readonly record: RunRecord;
  readonly live: LiveControls;
  /** Null if the run has ended and will not resume. */
  readonly checkpoint: Checkpoint | null;
}

/** A file is made in memory before it is written, beside the arrays themselves. */
const MOST_WEIGHT_BYTES = 2 ** 30;

/**
 * Writes runs to their storage while they train: one write at a time, and of each run only the newest state when its turn comes. Training
 * waits for none of it; the result of each write is an event, a failure once for each cause.
 */
export class RunSaver {
  readonly #storage: RunStorage;
  readonly #emit: (event: LabEvent) => void;
  readonly #waiting = new Map<string, KeepRequest>();
  readonly #told = new Map<string, string>();
  #work: Promise<void> | undefined;

  constructor(storage: RunStorage, emit: (event: LabEvent) => void) {
    this.#storage = storage;
    this.#emit = emit;
  }

  keep(request: KeepRequest): void {
    this.#waiting.set(request.facts.id, request);
    this.#work ??= this.#writeAll();
  }

  /** Resolves when nothing waits to be written. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async #writeAll(): Promise<void> {
    for (;;) {
      const [request] = this.#waiting.values();
      if (!request) break;
      this.#waiting.delete(request.facts.id);
      await this.#write(request);
    }
    // In the same task as the check of what waits: later calls start over.
    this.#work = undefined;
  }

  async #write({ facts, record, live, checkpoint: wanted }: KeepRequest): Promise<void> {
    const { id } = facts;
    const large = wanted !== null && weightBytes(wanted) > MOST_WEIGHT_BYTES;
    const checkpoint = large ? null : wanted;
    const resumableStep = checkpoint?.step ?? null;
    try {
      const step = record.steps.at(-1)?.step ?? 0;
      const { weightsSha256 } = record.receipt;
      await this.#storage.put(
        { ...facts, step, resumableStep, savedAt: new Date().toISOString(), weightsSha256 },
        encodeRun(record, checkpoint && { live, checkpoint }),
      );
      this.#tell(id, resumableStep, large ? tooLarge(wanted) : null);
    } catch (error) {
      this.#tell(id, null, describeFailure(error, NOT_WRITTEN));
    }
  }

  #tell(runId: string, step: number | null, fault: Fault | null): void {
    if (!fault || this.#told.get(runId) !== fault.code) this.#emit({ type: 'kept', runId, step, fault });
    if (fault) this.#told.set(runId, fault.code);
  }
}

const NOT_WRITTEN = {
  consequence: 'The run continues; what it has learnt since the last checkpoint would be lost with the page.',
  nextStep: 'Leave the page open until the run has ended, and export what matters.',
};

const tooLarge = (checkpoint: Checkpoint): Fault =>
  new LabError({
    code: 'E_CHECKPOINT_LARGE',
    message: `its weights and AdamW’s moments take ${Math.round(weightBytes(checkpoint) / 2 ** 20)} MiB; at most ${MOST_WEIGHT_BYTES / 2 ** 20} MiB are kept`,
    consequence: 'The run continues, and its figures are kept; it cannot resume after a reload.',
    nextStep: 'Train an adapter (LoRA) instead of all weights, or leave the page open.',
  }).fault;
