import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LabClient } from '../../client/lab-client.ts';
import type { Artefact } from '../../protocol/lab-api.ts';
import { countOf } from '../../contract/format.ts';
import type { RunStore } from '../run/run-store.ts';

/** The calibrated teachers that the worker keeps, in the order of creation. */
export type KeptTeachers = StoreApi<{ readonly kept: readonly Artefact[] }>;

/** Asks the worker again after every calibration; a worker that crashed has lost its teachers. */
export function createKeptTeachers(runs: RunStore, client: () => LabClient): KeptTeachers {
  const store: KeptTeachers = createStore(() => ({ kept: [] }));
  /** Counts changes that make pending answers stale. */
  let requested = 0;

  async function ask(): Promise<void> {
    requested += 1;
    const mine = requested;
    const outcome = await client().artefacts();
    if (mine !== requested) return;
    if (outcome.ok) store.setState({ kept: outcome.value });
    else runs.store.setState({ notice: outcome.fault });
  }

  runs.store.subscribe((now, before) => {
    if (now.calibrations !== before.calibrations) void ask();
    else if (before.info !== null && now.info === null) {
      requested += 1;
      store.setState({ kept: [] });
    }
  });
  return store;
}

/** A teacher's settings in one line. */
export function madeWith({ calibration, constitution, rows }: Artefact): string {
  const { epochs, selfAnswers } = calibration;
  return [
    countOf(rows, 'pair'),
    ...(selfAnswers ? [] : ['no self-answers']),
    countOf(epochs, 'epoch'),
    `under “${constitution}”`,
  ].join(', ');
}
