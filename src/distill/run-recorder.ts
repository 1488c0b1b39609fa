import type { Fault } from '../contract/errors.ts';
import type {
  EvaluationRecord,
  Receipt,
  RunRecord,
  SampleRecord,
  StepRecord,
} from '../contract/run-record.ts';
import type { SessionEvent } from './session.ts';

/** Gathers a session's events into one record. */
export class RunRecorder {
  #receipt: Receipt | undefined;
  #teacher: EvaluationRecord | null = null;
  #fault: Fault | undefined;
  #steps: StepRecord[] = [];
  #evals: EvaluationRecord[] = [];
  #samples: SampleRecord[] = [];

  add(event: SessionEvent): void {
    if (event.type === 'receipt') this.#receipt = event.receipt;
    else if (event.type === 'teacher') this.#teacher = event.record;
    else if (event.type === 'step') this.#steps.push(event.record);
    else if (event.type === 'evaluation') this.#evals.push(event.record);
    else if (event.type === 'samples') this.#samples.push(...event.records);
  }

  fail(fault: Fault): void {
    this.#fault = fault;
  }

  /** Forgets what came after `step`, and why it failed. */
  rewind(step: number): void {
    const kept = ({ step: at }: { step: number }): boolean => at <= step;
    this.#steps = this.#steps.filter(kept);
    this.#evals = this.#evals.filter(kept);
    this.#samples = this.#samples.filter(kept);
    this.#fault = undefined;
  }

  /** The run so far; undefined before it has a receipt. */
  record(): RunRecord | undefined {
    if (!this.#receipt) return undefined;
    return {
      ...{ format: 'copsd-run', version: 1, receipt: this.#receipt },
      ...{
        steps: [...this.#steps],
        evals: [...this.#evals],
        teacher: this.#teacher,
        samples: [...this.#samples],
      },
      ...(this.#fault && { fault: this.#fault }),
    };
  }
}
