import { lazy, Suspense } from 'react';
import type { Lab } from '../../state/lab.ts';
import { DropAnywhere } from '../constitution/drop-anywhere.tsx';
import { ControlBar } from '../control-bar/control-bar.tsx';
import { PageFaults } from '../faults/page-faults.tsx';
import { LessonHost } from '../lesson/lesson-host.tsx';
import { SamplesPanel } from '../samples/samples-panel.tsx';
import { ErrorBoundary } from '../shared/error-boundary.tsx';
import { LabContext, useLessonPlace, usePage, useRuns } from '../shared/lab-context.ts';
import './app.css';
import { lessonTarget } from '../shared/lesson-target.ts';
import { DIALOGS } from './dialogs.ts';
import { MiddlePanel } from './middle-panel.tsx';
import { PaneTabs } from './pane-tabs.tsx';
import { useShortcuts } from './use-shortcuts.ts';

/** Fetched behind the charts, which a first visit is to see at once. */
const SetupPanel = lazy(async () => ({ default: (await import('../setup/setup-panel.tsx')).SetupPanel }));

/** Keeps the page for use without a network; while developing there is nothing to keep. */
const UpdateNotice = lazy(async () => {
  const { UpdateNotice: notice } = await import('./update-notice.tsx');
  return { default: notice };
});

/** Says milestones to those who hear the page, and nothing in between. */
function Milestones() {
  const milestone = useRuns(state => state.milestone);
  return (
    <p className="visually-hidden" role="status" aria-label="Run">
      {milestone}
    </p>
  );
}

export function App({ lab }: { readonly lab: Lab }) {
  return (
    <LabContext value={lab}>
      <Page lab={lab} />
    </LabContext>
  );
}

function Page({ lab: { controls, page, lesson } }: { readonly lab: Lab }) {
  const pane = usePage(state => state.pane);
  const opened = usePage(state => state.opened);
  const dialog = opened && DIALOGS[opened];
  const bare = useLessonPlace(state => state.controlsHidden);
  useShortcuts({ controls, page, lesson });
  return (
    <>
      <ControlBar />
      <LessonHost />
      <main className="panes" data-pane={bare && pane === 'setup' ? 'charts' : pane} data-bare={bare}>
        <PageFaults constitutionOpen={opened === 'constitution'} />
        <PaneTabs pane={pane} bare={bare} onChoose={page.showPane} />
        {!bare && (
          <section className="pane pane-setup" aria-labelledby="pane-setup">
            <h2 id="pane-setup">Setup</h2>
            <ErrorBoundary panel="Setup">
              <Suspense>
                <SetupPanel />
              </Suspense>
            </ErrorBoundary>
          </section>
        )}
        <section className="pane pane-charts" aria-labelledby="pane-charts" {...lessonTarget('view')}>
          <h2 id="pane-charts" className="visually-hidden">
            Charts
          </h2>
          <ErrorBoundary panel="Charts">
            <MiddlePanel />
          </ErrorBoundary>
        </section>
        <section className="pane pane-samples" aria-labelledby="pane-samples">
          <h2 id="pane-samples">Samples</h2>
          <ErrorBoundary panel="Samples">
            <SamplesPanel />
          </ErrorBoundary>
        </section>
      </main>
      <Milestones />
      {import.meta.env.PROD && (
        <Suspense>
          <UpdateNotice />
        </Suspense>
      )}
      <DropAnywhere />
      {dialog && (
        <ErrorBoundary key={opened} panel={dialog.label}>
          <Suspense>
            <dialog.Panel onClose={page.close} />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}
