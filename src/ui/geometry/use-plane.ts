import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import {
  beginModes,
  MODE_STEPS,
  modesOutcome,
  trainModes,
  type ModesTraining,
} from '../../state/geometry/plane-modes.ts';
import { planeOutcome, type PlaneOutcome } from '../../state/geometry/plane.ts';
import type { PlaneSettings } from '../../state/geometry/plane-settings.ts';
import { geometryStore } from '../../state/geometry/geometry-store.ts';

/** Steps in one part, and milliseconds that the parts of one task may take together. */
const PART = 15;
const BUDGET = 10;

function trainAWhile(training: ModesTraining, settings: PlaneSettings): ModesTraining {
  const until = performance.now() + BUDGET;
  let at = training;
  while (at.step < MODE_STEPS && performance.now() < until) at = trainModes(at, settings, PART);
  return at;
}

export interface ShownPlane {
  readonly settings: PlaneSettings;
  readonly outcome: PlaneOutcome;
  /** Steps of gradient descent that are done, with two modes. */
  readonly step: number | null;
}

/** The model as it is set. One mode is computed at once; a grid policy is trained in tasks of a few milliseconds, and drawn on its way. */
export function usePlane(): ShownPlane {
  const settings = useStore(geometryStore, state => state.plane);
  const begun = useMemo(
    () => (settings.modes === 2 ? trainAWhile(beginModes(settings), settings) : null),
    [settings],
  );
  const [further, setFurther] = useState<{ readonly of: ModesTraining; readonly now: ModesTraining } | null>(
    null,
  );
  const training = further && further.of === begun ? further.now : begun;

  useEffect(() => {
    if (!begun || !training || training.step >= MODE_STEPS) return undefined;
    const timer = setTimeout(() => setFurther({ of: begun, now: trainAWhile(training, settings) }), 0);
    return () => clearTimeout(timer);
  }, [begun, training, settings]);

  const outcome = useMemo(
    () => (training ? modesOutcome(settings, training) : planeOutcome(settings)),
    [settings, training],
  );
  return { settings, outcome, step: training?.step ?? null };
}
