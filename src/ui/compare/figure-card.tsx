import { useMemo, useState } from 'react';
import { sharesBase, type RunGroup } from '../../state/compare-groups.ts';
import { fileName, toCsv } from '../../state/export.ts';
import { DrawingView } from '../figures/drawing-view.tsx';
import { saveDrawing } from '../figures/save-drawing.ts';
import { saveFile } from '../shared/save-file.ts';
import type { FigureOptions, FigureSpec } from './compare-figures.ts';
import { OptionChoice } from './option-choice.tsx';
import { PlainTable } from './plain-table.tsx';
import { ScoreTableView } from './score-table-view.tsx';

interface FigureCardProps {
  readonly spec: FigureSpec;
  readonly groups: readonly RunGroup[];
  readonly options: FigureOptions;
  onOptions(options: FigureOptions): void;
}

/** A figure with the table behind it, and what can be taken home of it. */
export function FigureCard({ spec, groups, options, onOptions }: FigureCardProps) {
  const { id, title, about, note, option } = spec;
  const [asTable, setAsTable] = useState(false);
  const made = useMemo(() => spec.make(groups, options), [spec, groups, options]);
  const { draw, scores, table, empty } = made;

  const save = async (kind: 'svg' | 'png'): Promise<void> => {
    if (!draw) return;
    await saveDrawing(draw, kind, { title, note, name: fileName('compare', id, kind) });
  };

  return (
    <section className="chart compare-figure" aria-labelledby="compare-figure-title">
      <header className="chart-head">
        <h3 id="compare-figure-title">{title}</h3>
        <div className="chart-tools" role="group" aria-label={`${title}: views and files`}>
          {draw && (
            <button
              type="button"
              className="button button-quiet"
              aria-pressed={asTable}
              onClick={() => setAsTable(!asTable)}
            >
              Table
            </button>
          )}
          <button
            type="button"
            className="button button-quiet"
            onClick={() => saveFile(fileName('compare', id, 'csv'), 'text/csv', toCsv(table))}
          >
            CSV
          </button>
          {draw &&
            (['svg', 'png'] as const).map(kind => (
              <button
                key={kind}
                type="button"
                className="button button-quiet"
                disabled={empty !== null}
                onClick={() => void save(kind)}
              >
                {kind.toUpperCase()}
              </button>
            ))}
        </div>
      </header>
      <p className="chart-about">{about}</p>
      {option && <OptionChoice option={option} options={options} onOptions={onOptions} />}
      {empty !== null ? (
        <p className="compare-empty">{empty}</p>
      ) : draw && !asTable ? (
        <DrawingView draw={draw} />
      ) : scores ? (
        <ScoreTableView title={title} scores={scores} />
      ) : (
        <PlainTable title={title} table={table} />
      )}
      <p className="compare-note">
        {note}
        {!sharesBase(groups) && '. These runs began from different weights: the base is that of the first'}
      </p>
    </section>
  );
}
