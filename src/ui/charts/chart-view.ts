import { create } from 'zustand';

/** View settings shared by all charts. */
interface ChartView {
  /** The step under the crosshair, or null. */
  readonly cursor: number | null;
  /** Weight of the past in the smoothed line. */
  readonly smoothing: number;
}

export const SMOOTHINGS = [
  { value: 0, label: 'none' },
  { value: 0.5, label: 'light' },
  { value: 0.75, label: 'medium' },
  { value: 0.9, label: 'strong' },
] as const;

export const useChartView = create<ChartView>(() => ({ cursor: null, smoothing: 0.75 }));

export const setCursor = (cursor: number | null): void => useChartView.setState({ cursor });
export const setSmoothing = (smoothing: number): void => useChartView.setState({ smoothing });
