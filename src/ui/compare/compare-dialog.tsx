import { useCallback, useState } from 'react';
import type { PathedFile } from '../../protocol/model-api.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { ErrorBoundary } from '../shared/error-boundary.tsx';
import { AnswersView } from './answers-view.tsx';
import { FIGURES, type FigureOptions } from './compare-figures.ts';
import './compare.css';
import { FigureCard } from './figure-card.tsx';
import { RunChooser } from './run-chooser.tsx';
import { useComparison } from './use-compare.ts';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import { useDropFiles } from '../shared/use-drop-files.ts';

/** The tab that is not a figure: answers as text. */
const ANSWERS = { id: 'answers', tab: 'Answers' };

/** Several runs in one view: the paper's figures, drawn of what this lab measured. */
export function CompareDialog({ onClose }: { onClose(): void }) {
  const comparison = useComparison();
  const { state, actions, groups } = comparison;
  const openDropped = useCallback(
    (files: readonly PathedFile[]) => actions.openFiles(files.map(({ file }) => file)),
    [actions],
  );
  const over = useDropFiles(openDropped);
  const [shown, setShown] = useState(FIGURES[0]!.id);
  const [options, setOptions] = useState<FigureOptions>({
    progress: 'steps',
    expressiveness: 'withRefusals',
  });
  const spec = FIGURES.find(({ id }) => id === shown);
  return (
    <Dialog title="Compare runs" wide onClose={onClose}>
      <div className={over ? 'compare compare-over' : 'compare'}>
        {state.faults.map(fault => (
          <FaultCard key={`${fault.code} ${fault.file ?? ''}`} fault={fault} onDismiss={actions.dismiss} />
        ))}
        <RunChooser comparison={comparison} />
        {groups.length === 0 ? (
          <p className="figure-empty">
            {state.pending.length > 0
              ? 'The figures come with the runs.'
              : 'Choose at least one run above, or open a run file.'}
          </p>
        ) : (
          <>
            <ToggleGroup
              className="run-tabs"
              buttonClass="run-tab"
              label="Figure"
              options={[...FIGURES, ANSWERS].map(({ id, tab }) => [id, tab] as const)}
              value={shown}
              onChoose={setShown}
            />
            <ErrorBoundary key={shown} panel={spec?.title ?? ANSWERS.tab}>
              {spec ? (
                <FigureCard spec={spec} groups={groups} options={options} onOptions={setOptions} />
              ) : (
                <AnswersView groups={groups} />
              )}
            </ErrorBoundary>
          </>
        )}
      </div>
    </Dialog>
  );
}
