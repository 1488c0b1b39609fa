import { lazy, Suspense, useState } from 'react';
import { ChartsPanel } from '../charts/charts-panel.tsx';
import { RunBanner } from '../charts/run-banner.tsx';
import { RunTabs } from '../charts/run-tabs.tsx';
import { ReviewNotice } from '../crossed/review-notice.tsx';
import { ErrorBoundary } from '../shared/error-boundary.tsx';
import { useShownRun } from '../shared/lab-context.ts';
import './middle-panel.css';

type View = 'charts' | 'crossed';
const VIEWS: readonly (readonly [view: View, label: string])[] = [
  ['charts', 'Charts'],
  ['crossed', 'Cross-SFT'],
];

/** Fetched when first asked for: a first visit does without. */
const CrossedPanel = lazy(async () => {
  const { CrossedPanel: panel } = await import('../crossed/crossed-panel.tsx');
  return { default: panel };
});

/** The middle of the page: which run is shown, and its charts, or how its teacher was calibrated where it was. */
export function MiddlePanel() {
  const [asked, setAsked] = useState<View>('charts');
  const calibrated = Boolean(useShownRun()?.config.calibration);
  const view = calibrated ? asked : 'charts';
  return (
    <div className="middle">
      <RunTabs />
      <RunBanner />
      {calibrated && (
        <div className="views" role="group" aria-label="View of the run">
          {VIEWS.map(([name, label]) => (
            <button
              key={name}
              type="button"
              className="view"
              aria-pressed={name === view}
              onClick={() => setAsked(name)}
            >
              {label}
            </button>
          ))}
        </div>
      )}
      {calibrated && view === 'charts' && <ReviewNotice onLook={() => setAsked('crossed')} />}
      {view === 'charts' ? (
        <ChartsPanel />
      ) : (
        <ErrorBoundary panel="Cross-SFT">
          <Suspense>
            <CrossedPanel />
          </Suspense>
        </ErrorBoundary>
      )}
    </div>
  );
}
