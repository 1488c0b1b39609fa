import { useId, useState, type ReactNode } from 'react';
import { fileName, type Table } from '../../state/files/export.ts';
import { saveTable } from '../shared/save-file.ts';
import { DrawingView } from './drawing-view.tsx';
import type { Drawing } from './drawing.ts';
import { FigureTools } from './figure-tools.tsx';
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
        <FigureTools
          title={title}
          {...(draw && {
            asTable,
            onTable: setAsTable,
            undrawn: empty !== null,
            onDrawing: kind => saveDrawing(draw, kind, { title, note, name: fileName(label, id, kind) }),
          })}
          onCsv={() => saveTable(label, id, table)}
        />
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
