import type { LabClient } from '../../client/lab-client.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import { canDrop, type RunStore } from '../run/run-store.ts';

/** What can be done to the crossed set of a run. */
export interface CrossedActions {
  /** Leaves rows of the run out of Cross-SFT, or takes them in again. Shown at once, and put right by the worker's answer. */
  drop(runId: string, rows: readonly number[], out: boolean): Promise<void>;
  /** The weights of a calibrated teacher, as safetensors; null where they are not to be had, which the page then says. */
  file(artefact: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

export function createCrossedActions(runs: RunStore, client: () => LabClient): CrossedActions {
  const note = (outcome: Outcome<unknown>): void => {
    if (!outcome.ok) runs.store.setState({ notice: outcome.fault });
  };
  /** What the worker last said is out, by run: what a refused wish falls back to. */
  const confirmed = new Map<string, ReadonlySet<number>>();

  return {
    async drop(runId, rows, out) {
      const run = runs.entry(runId);
      const data = runs.data(runId);
      if (runId !== runs.store.getState().currentId || !canDrop(run, data)) return;
      if (!confirmed.has(runId)) confirmed.set(runId, data.crossed.dropped);
      const requested = new Set(rows);
      const kept = [...data.crossed.dropped].filter(id => !requested.has(id));
      const wanted = new Set(out ? [...kept, ...rows] : kept);
      data.apply({ type: 'dropped', rows: wanted });
      const outcome = await client().setDropped(runId, [...wanted]);
      note(outcome);
      if (outcome.ok) confirmed.set(runId, new Set(outcome.value.dropped));
      // A later wish is on its way, or the teacher has learnt meanwhile: those have the last word.
      if (data.crossed.dropped === wanted) data.apply({ type: 'dropped', rows: confirmed.get(runId)! });
    },
    async file(artefact) {
      const outcome = await client().artefactFile(artefact);
      note(outcome);
      return outcome.ok ? outcome.value : null;
    },
  };
}
