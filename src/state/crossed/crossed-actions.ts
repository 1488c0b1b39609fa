import type { LabClient } from '../../client/lab-client.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import { canDrop, type RunStore } from '../run/run-store.ts';

/** Actions on a run's crossed set. */
export interface CrossedActions {
  /** Leaves rows of the run out of Cross-SFT, or restores them. Shown at once, and corrected by the worker's answer. */
  drop(runId: string, rows: readonly number[], out: boolean): Promise<void>;
  /** A calibrated teacher's weights as safetensors; null if unavailable, which the page then says. */
  file(artefact: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

export function createCrossedActions(runs: RunStore, client: () => LabClient): CrossedActions {
  const note = (outcome: Outcome<unknown>): void => {
    if (!outcome.ok) runs.store.setState({ notice: outcome.fault });
  };
  /** The rows the worker last reported as left out, by run: a refused request falls back to them. */
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
      // A later request is pending, or the teacher has been trained meanwhile: those take precedence.
      if (data.crossed.dropped === wanted) data.apply({ type: 'dropped', rows: confirmed.get(runId)! });
    },
    async file(artefact) {
      const outcome = await client().artefactFile(artefact);
      note(outcome);
      return outcome.ok ? outcome.value : null;
    },
  };
}
