import { useId, useState, type ReactNode } from 'react';
import { fileName, type Table } from '../../record/tables.ts';
import { saveTable } from '../shared/save-file.ts';
import type { Chart } from './chart.ts';
import { ChartView } from './chart-view.tsx';
import { PlainTable } from './data-table.tsx';
import { FigureTools } from './figure-tools.tsx';
import './figures.css';
import { saveChart } from './save-chart.ts';

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
  /** Null where there is a table and nothing else. */
  readonly draw: ((width: number) => Chart) | null;
  /** On top of the chart, such as handles. */
  readonly renderOnTop?: (width: number) => ReactNode;
  readonly table: Table;
  /** The table as the page shows it, where that is not plainly. */
  readonly shownTable?: ReactNode;
  /** Another table that can be taken home. */
  readonly more?: { readonly label: string; readonly name: string; readonly table: Table } | undefined;
  /** Why there is nothing to see, if so. */
  readonly empty?: string | null;
  /** Above the figure: what can be chosen about it. */
  readonly choices?: ReactNode;
  readonly below?: ReactNode;
  readonly beside?: ReactNode;
  /** Below the note. */
  readonly after?: ReactNode;
}

/** A figure with the table behind it, and what can be taken home of it. */
export function FigureFrame(props: FigureFrameProps) {
  const { id, label, title, about, note, remark = '', draw, renderOnTop, table, empty = null } = props;
  const {
    shownTable = <PlainTable title={title} table={table} />,
    more,
    choices,
    below,
    beside,
    after,
  } = props;
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
            onDrawing: kind => saveChart(draw, kind, { title, note, name: fileName(label, id, kind) }),
          })}
          onCsv={() => saveTable(label, id, table)}
          more={
            more && (
              <button
                type="button"
                className="button button-quiet"
                onClick={() => saveTable(label, more.name, more.table)}
              >
                {more.label}
              </button>
            )
          }
        />
      </header>
      <p className="chart-about">{about}</p>
      {choices}
      <div className={beside ? 'figure-columns' : undefined}>
        <div className="figure-main">
          {empty !== null ? (
            <p className="figure-empty">{empty}</p>
          ) : draw && !asTable ? (
            <ChartView draw={draw}>{renderOnTop}</ChartView>
          ) : (
            shownTable
          )}
          {below}
        </div>
        {beside}
      </div>
      <p className="figure-note">
        {note}
        {remark}
      </p>
      {after}
    </section>
  );
}
