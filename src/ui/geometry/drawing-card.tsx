import { useId, useState, type ReactNode } from 'react';
import { fileName, type Table } from '../../state/files/export.ts';
import { PlainTable } from '../figures/data-table.tsx';
import type { Drawing } from '../figures/drawing.ts';
import { FigureTools } from '../figures/figure-tools.tsx';
import { saveDrawing } from '../figures/save-drawing.ts';
import { saveTable } from '../shared/save-file.ts';

interface DrawingCardProps {
  readonly title: string;
  readonly about: string;
  /** What the marks mean: below the drawing, and below the title in files. */
  readonly note: string;
  /** Of whom it is, and what it shows: names of files. */
  readonly run: string;
  readonly name: string;
  readonly draw: (width: number) => Drawing;
  readonly table: Table;
  /** Another table that can be taken home. */
  readonly more?: { readonly label: string; readonly name: string; readonly table: Table };
  /** Above the drawing. */
  readonly before?: ReactNode;
  /** The drawing on the page; the table takes its place. */
  readonly children: ReactNode;
  /** Below and beside drawing or table. */
  readonly below?: ReactNode;
  readonly beside?: ReactNode;
  /** Below the note. */
  readonly after?: ReactNode;
}

/** A drawing of the geometry with the table behind it, and what can be taken home of it. */
export function DrawingCard(props: DrawingCardProps) {
  const { title, about, note, run, name, draw, table, more, before, children, below, beside, after } = props;
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const shown = asTable ? <PlainTable title={title} table={table} /> : children;
  return (
    <section className="chart geometry-card" aria-labelledby={id}>
      <header className="chart-head">
        <h3 id={id}>{title}</h3>
        <FigureTools
          title={title}
          asTable={asTable}
          onTable={setAsTable}
          onCsv={() => saveTable(run, name, table)}
          more={
            more && (
              <button
                type="button"
                className="button button-quiet"
                onClick={() => saveTable(run, more.name, more.table)}
              >
                {more.label}
              </button>
            )
          }
          onDrawing={kind => saveDrawing(draw, kind, { title, note, name: fileName(run, name, kind) })}
        />
      </header>
      <p className="chart-about">{about}</p>
      {before}
      <div className={beside ? 'plane' : undefined}>
        <div className="plane-main">
          {shown}
          {below}
        </div>
        {beside}
      </div>
      <p className="geometry-note">{note}</p>
      {after}
    </section>
  );
}
