import { createStore } from 'zustand/vanilla';
import type { Reading } from './measured.ts';
import { PLANE_PRESETS, type PlaneSettings } from './plane-settings.ts';

/** The settings of the geometry view; they outlive it. */
export interface GeometryState {
  readonly plane: PlaneSettings;
  readonly reading: Reading;
}

export const geometryStore = createStore<GeometryState>(() => ({
  plane: PLANE_PRESETS['Forward KL'],
  reading: { axis: 'withRefusals', scale: 'whitened' },
}));

/** Changes the model. A policy on the grid has no covariance to freeze: with two modes that choice becomes reverse KL. */
export function setPlane(change: Partial<PlaneSettings>): void {
  geometryStore.setState(({ plane }) => {
    const next = { ...plane, ...change };
    const divergence = next.modes === 2 && next.divergence === 'frozen' ? 'reverse-kl' : next.divergence;
    return { plane: { ...next, divergence } };
  });
}

export function setReading(change: Partial<Reading>): void {
  geometryStore.setState(({ reading }) => ({ reading: { ...reading, ...change } }));
}
