import { memo, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { leakageLines, measuredPicture, type MeasuredPicture } from '../../state/geometry/measured.ts';
import { answersTable, leakageTable, pathTable } from '../../state/geometry/measured-tables.ts';
import { geometryStore } from '../../state/geometry/geometry-store.ts';
import { FigureFrame } from '../figures/figure-frame.tsx';
import { useRunFrame } from '../shared/use-run-frame.ts';
import { CompanionsCard } from './companions-card.tsx';
import { leakageChart } from './leakage-chart.ts';
import { measuredChart } from './measured-chart.ts';
import { MeasuredNumbers } from './measured-numbers.tsx';
import { NotMeasured } from './not-measured.tsx';
import { OtherRuns } from './other-runs.tsx';
import { ReadingChoice } from './reading-choice.tsx';

/** The geometry of the shown run as it was measured. */
export function MeasuredSection() {
  const { run, data } = useRunFrame(true);
  const reading = useStore(geometryStore, state => state.reading);
  // RunData is one object for the whole run: its lists are what changes.
  const { geometry, geometryBaseline } = data;
  const picture = useMemo(
    () => measuredPicture({ geometry, geometryBaseline }, reading),
    [geometry, geometryBaseline, reading],
  );
  return (
    <>
      {picture && run ? (
        <Measured key={run.id} picture={picture} label={run.label} />
      ) : (
        <NotMeasured run={run} />
      )}
      <OtherRuns shown={run?.config.recipe ?? null} />
    </>
  );
}

const PATH_NOTE =
  'Means over harmful and benign queries, weighing the same, read by the base’s axes · small rings: measured steps · arrow: shift since the base, its slope is Λ · dashed line: what the angle forces';
const CLOUD_NOTE = ' · dots: answers to harmful queries · rings: to benign ones';
const LEAK_NOTE =
  '95 % intervals from resampled queries, the axes held fixed · cross: the control, the constitution’s words in random order';

interface MeasuredProps {
  readonly picture: MeasuredPicture;
  readonly label: string;
}

/** Drawn anew when something was measured, not with every step of the run. */
const Measured = memo(function Measured({ picture, label }: MeasuredProps) {
  const { places } = picture;
  const [asked, setAsked] = useState<number | null>(null);
  const index = Math.min(asked ?? places.length - 1, places.length - 1);
  const shown = places[index]!;
  const lines = useMemo(() => leakageLines(picture, shown), [picture, shown]);
  const drawPath = useMemo(() => (width: number) => measuredChart(picture, shown, width), [picture, shown]);
  const drawLeaks = useMemo(() => (width: number) => leakageChart(lines, width), [lines]);
  const single = answersTable(picture, shown);
  return (
    <>
      <FigureFrame
        title="Measured on this run"
        about="Hidden states of the policies’ own answers to held-out queries, encoded by the base without constitution, so that the axes stay put."
        note={single.rows.length > 0 ? PATH_NOTE + CLOUD_NOTE : PATH_NOTE}
        label={label}
        id="geometry-path"
        draw={drawPath}
        table={pathTable(picture)}
        more={
          single.rows.length > 0 ? { name: 'geometry-answers', label: 'Answers', table: single } : undefined
        }
        choices={
          <>
            <ReadingChoice reading={picture.reading} />
            <label className="geometry-scrub">
              <span>Step {shown.step}</span>
              <input
                type="range"
                min={0}
                max={places.length - 1}
                step={1}
                value={index}
                disabled={places.length < 2}
                aria-label="Measured step"
                aria-valuetext={`step ${shown.step}`}
                onChange={event => setAsked(event.target.valueAsNumber)}
              />
            </label>
          </>
        }
        after={
          <>
            {single.rows.length === 0 && (
              <p className="figure-note">
                This run was recorded without single answers: a new run with the geometry on draws its clouds.
              </p>
            )}
            {!picture.teacher && (
              <p className="figure-note">
                It was recorded before teachers were placed: the teacher is missing from the drawing.
              </p>
            )}
          </>
        }
        below={<MeasuredNumbers picture={picture} shown={shown} />}
      />
      <FigureFrame
        title="Leakage Λ and its control"
        about="Shift along expressiveness per unit of shift along safety. A push along safety alone leaks cos φ: the geometry forces that much."
        note={LEAK_NOTE}
        label={label}
        id="geometry-leakage"
        draw={drawLeaks}
        table={leakageTable(lines)}
      />
      <CompanionsCard picture={picture} shown={shown} />
    </>
  );
});
