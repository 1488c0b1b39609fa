import { useCallback, useEffect, useMemo, useState } from 'react';
import {
  chooseInspection,
  colourScale,
  highestToken,
  inspectedTokens,
  type InspectionChoice,
} from '../../state/tokens/inspect-answer.ts';
import { prettify } from '../../state/constitution/routing.ts';
import { useLab } from '../shared/lab-context.ts';
import { useRunFrame } from '../shared/use-run-frame.ts';
import { AnswerTools } from './answer-tools.tsx';
import { CumulativeLine } from './cumulative-line.tsx';
import { InspectionChooser } from './inspection-chooser.tsx';
import { NothingInspected } from './nothing-inspected.tsx';
import { ReadNow } from './read-now.tsx';
import { StepScrubber } from './step-scrubber.tsx';
import { TokenDetails } from './token-details.tsx';
import { TokenLegend } from './token-legend.tsx';
import { TokenStrip } from './token-strip.tsx';
import { TokenTable } from './token-table.tsx';
import './tokens.css';

/** One answer of the run on show, token by token: which model finds each token likelier, and what the loss does about it. */
export function TokensPanel() {
  const { page } = useLab();
  const { run, data } = useRunFrame(true);
  const { inspections } = data;
  const [choice, setChoice] = useState<InspectionChoice>({
    kind: 'harmful',
    whose: 'initial',
    prompt: 0,
    step: null,
  });
  /** The token that a person chose; null before the first choice. */
  const [chosen, setChosen] = useState<number | null>(null);
  const [table, setTable] = useState(false);
  const view = useMemo(() => chooseInspection(inspections, choice), [inspections, choice]);
  const record = view?.series[view.at];
  const tokens = useMemo(() => (record ? inspectedTokens(record) : []), [record]);
  const scale = useMemo(() => colourScale(view?.series ?? []), [view]);
  const highest = highestToken(tokens);
  const selected = Math.min(chosen ?? 0, tokens.length - 1);
  const found = chosen !== null && selected === highest;
  useEffect(() => {
    if (found) page.note('highest-token');
  }, [found, page]);

  const change = useCallback(
    (changed: Partial<InspectionChoice>) => setChoice(before => ({ ...before, ...changed })),
    [],
  );
  const goTo = useCallback((step: number | null) => change({ step }), [change]);
  const showLast = useCallback(() => goTo(null), [goTo]);

  if (!run) return null;
  if (!view || !record || !tokens[selected]) return <NothingInspected run={run} />;
  return (
    <div className="tokens">
      <InspectionChooser choice={choice} view={view} onChange={change} />
      <section className="tokens-card" aria-labelledby="tokens-answer">
        <h3 id="tokens-answer">
          <span className="visually-hidden">Answer to: </span>
          {prettify(record.prompt)}
        </h3>
        <div className="tokens-when">
          <StepScrubber series={view.series} at={view.at} onStep={goTo} />
          <ReadNow run={run} read={view.series.at(-1)!.step} onLast={showLast} />
        </div>
        <TokenLegend scale={scale} config={run.config} />
        {table ? (
          <TokenTable tokens={tokens} record={record} selected={selected} />
        ) : (
          <TokenStrip
            tokens={tokens}
            scale={scale}
            selected={selected}
            highest={highest}
            onSelect={setChosen}
          />
        )}
        <AnswerTools
          record={record}
          tokens={tokens}
          table={table}
          label={run.label}
          atHighest={selected === highest}
          onHighest={() => setChosen(highest)}
          onTable={setTable}
        />
      </section>
      <TokenDetails token={tokens[selected]} of={tokens.length} config={run.config} />
      <CumulativeLine
        tokens={tokens}
        before={choice.whose === 'initial' && view.at > 0 ? view.series[0]!.divergence : null}
        selected={selected}
        step={record.step}
      />
    </div>
  );
}
