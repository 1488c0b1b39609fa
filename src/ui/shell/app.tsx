import { lazy, Suspense, useCallback, useState } from 'react';
import type { Lab } from '../../state/lab.ts';
import { ConstitutionPanel } from '../constitution/constitution-panel.tsx';
import { DropAnywhere } from '../constitution/drop-anywhere.tsx';
import { ControlBar } from '../control-bar/control-bar.tsx';
import { PageFaults } from '../faults/page-faults.tsx';
import { HelpDialog } from '../help/help-dialog.tsx';
import { SamplesPanel } from '../samples/samples-panel.tsx';
import { SetupPanel } from '../setup/setup-panel.tsx';
import { ErrorBoundary } from '../shared/error-boundary.tsx';
import { LabContext, useRuns } from '../shared/lab-context.ts';
import './app.css';
import { MiddlePanel } from './middle-panel.tsx';
import { PaneTabs, type Pane } from './pane-tabs.tsx';
import { useShortcuts } from './use-shortcuts.ts';

type Opened = 'constitution' | 'compare' | 'help' | null;

/** Fetched when first asked for: a first visit does without. */
const CompareDialog = lazy(async () => {
  const { CompareDialog: dialog } = await import('../compare/compare-dialog.tsx');
  return { default: dialog };
});

/** Says milestones to those who hear the page, and nothing in between. */
function Milestones() {
  const milestone = useRuns(state => state.milestone);
  return (
    <p className="visually-hidden" role="status">
      {milestone}
    </p>
  );
}

export function App({ lab }: { readonly lab: Lab }) {
  const [opened, setOpened] = useState<Opened>(null);
  const [pane, setPane] = useState<Pane>('charts');
  const close = useCallback(() => setOpened(null), []);
  const openConstitution = useCallback(() => setOpened('constitution'), []);
  const openHelp = useCallback(() => setOpened('help'), []);
  const openCompare = useCallback(() => setOpened('compare'), []);
  useShortcuts({ controls: lab.controls, onConstitution: openConstitution, onHelp: openHelp });

  return (
    <LabContext value={lab}>
      <ControlBar onHelp={openHelp} onCompare={openCompare} />
      <main className="panes" data-pane={pane}>
        <PageFaults constitutionOpen={opened === 'constitution'} />
        <PaneTabs pane={pane} onChoose={setPane} />
        <section className="pane pane-setup" aria-labelledby="pane-setup">
          <h2 id="pane-setup">Setup</h2>
          <ErrorBoundary panel="Setup">
            <SetupPanel onConstitution={openConstitution} />
          </ErrorBoundary>
        </section>
        <section className="pane pane-charts" aria-labelledby="pane-charts">
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
      <DropAnywhere onDropped={openConstitution} />
      {opened === 'constitution' && <ConstitutionPanel onClose={close} />}
      {opened === 'help' && <HelpDialog onClose={close} />}
      {opened === 'compare' && (
        <ErrorBoundary panel="Compare">
          <Suspense>
            <CompareDialog onClose={close} />
          </Suspense>
        </ErrorBoundary>
      )}
    </LabContext>
  );
}
