import { useId, useState, type ReactNode } from 'react';
import { fileName, toCsv, type Table } from '../../state/export.ts';
import { saveFile } from '../shared/save-file.ts';
import { DrawingView } from './drawing-view.tsx';
import type { Drawing } from './drawing.ts';
import './figures.css';
import { saveDrawing } from './save-drawing.ts';

interface FigureFrameProps {
  readonly id: string;
  /** Whose figure it is: begins the names of files. */
  readonly label: string;
  readonly title: string;
  /** One line: what to look for. */
  readonly about: string;
  /** What the marks mean: below the figure, and in its files. */
  readonly note: string;
  /** Said on the page after the note. */
  readonly remark?: string;
  readonly draw: ((width: number) => Drawing) | null;
  readonly table: Table;
  /** Why there is nothing to see, where there is nothing. */
  readonly empty: string | null;
  /** Above the figure: what can be chosen about it. */
  readonly choices?: ReactNode;
  /** The table as the page shows it. */
  readonly children: ReactNode;
}

/** A figure with the table behind it, and what can be taken home of it. */
export function FigureFrame(props: FigureFrameProps) {
  const { id, label, title, about, note, remark = '', draw, table, empty, choices, children } = props;
  const [asTable, setAsTable] = useState(false);
  const heading = useId();

  return (
    <section className="chart figure" aria-labelledby={heading}>
      <header className="chart-head">
        <h3 id={heading}>{title}</h3>
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
            onClick={() => saveFile(fileName(label, id, 'csv'), 'text/csv', toCsv(table))}
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
                onClick={() => void saveDrawing(draw, kind, { title, note, name: fileName(label, id, kind) })}
              >
                {kind.toUpperCase()}
              </button>
            ))}
        </div>
      </header>
      <p className="chart-about">{about}</p>
      {choices}
      {empty !== null ? (
        <p className="figure-empty">{empty}</p>
      ) : draw && !asTable ? (
        <DrawingView draw={draw} />
      ) : (
        children
      )}
      <p className="figure-note">
        {note}
        {remark}
      </p>
    </section>
  );
}
