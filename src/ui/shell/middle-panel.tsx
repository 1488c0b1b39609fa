import { Suspense } from 'react';
import { RunBanner } from '../charts/run-banner.tsx';
import { RunTabs } from '../charts/run-tabs.tsx';
import { ReviewNotice } from '../crossed/review-notice.tsx';
import { ErrorBoundary } from '../shared/error-boundary.tsx';
import { useLab, usePage, useShownRun } from '../shared/lab-context.ts';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import './middle-panel.css';
import { VIEWS } from './views.ts';

/** The middle of the page: which run is shown, and the view of it that was asked for, where it has that one. */
export function MiddlePanel() {
  const { page } = useLab();
  const run = useShownRun();
  const asked = usePage(state => state.view);
  const offered = VIEWS.filter(view => view.offers(run));
  const shown = offered.find(({ name }) => name === asked) ?? VIEWS[0]!;
  return (
    <div className="middle">
      <RunTabs />
      <RunBanner />
      {offered.length > 1 && (
        <ToggleGroup
          className="views"
          buttonClass="view"
          label="View of the run"
          options={offered.map(({ name, label }) => [name, label] as const)}
          value={shown.name}
          onChoose={page.showView}
        />
      )}
      {shown.name !== 'crossed' && <ReviewNotice onLook={() => page.showView('crossed')} />}
      <ErrorBoundary key={shown.name} panel={shown.label}>
        <Suspense>
          <shown.Panel />
        </Suspense>
      </ErrorBoundary>
    </div>
  );
}
