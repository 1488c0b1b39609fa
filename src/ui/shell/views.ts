import { lazy, type ComponentType } from 'react';
import type { View } from '../../state/page/page-store.ts';
import type { RunEntry } from '../../state/run/run-store.ts';
import { ChartsPanel } from '../charts/charts-panel.tsx';

interface ViewSpec {
  readonly name: View;
  readonly label: string;
  readonly Panel: ComponentType;
  /** Whether a run has something to show there. */
  offers(run: RunEntry | undefined): boolean;
}

/** What the middle of the page can show, in the order of its tabs. All but the charts are fetched when first asked for. */
export const VIEWS: readonly ViewSpec[] = [
  { name: 'charts', label: 'Charts', Panel: ChartsPanel, offers: () => true },
  {
    name: 'tokens',
    label: 'Tokens',
    Panel: lazy(async () => ({ default: (await import('../tokens/tokens-panel.tsx')).TokensPanel })),
    offers: () => true,
  },
  {
    name: 'crossed',
    label: 'Cross-SFT',
    Panel: lazy(async () => ({ default: (await import('../crossed/crossed-panel.tsx')).CrossedPanel })),
    offers: run => Boolean(run?.config.calibration),
  },
  {
    name: 'geometry',
    label: 'Geometry',
    Panel: lazy(async () => ({ default: (await import('../geometry/geometry-panel.tsx')).GeometryPanel })),
    offers: () => true,
  },
];
