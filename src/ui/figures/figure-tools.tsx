import type { ReactNode } from 'react';
import { useLab } from '../shared/lab-context.ts';
import { sayingFailure } from '../shared/saying-failure.ts';

interface FigureToolsProps {
  /** Whose they are, for screen readers. */
  readonly title: string;
  /** Whether the table stands in place of the drawing; not given where there is nothing else to see. */
  readonly asTable?: boolean;
  onTable?(shown: boolean): void;
  /** Saves the table. */
  onCsv?: (() => void) | undefined;
  /** Saves the drawing; where that fails the page says so. */
  onDrawing?(kind: 'svg' | 'png'): Promise<void>;
  /** There is no drawing at this moment. */
  readonly undrawn?: boolean;
  /** Before the others, and behind the first file. */
  readonly before?: ReactNode;
  readonly more?: ReactNode;
}

/** What stands in the head of a figure: its table, and the files that can be taken home of it. */
export function FigureTools(props: FigureToolsProps) {
  const { title, asTable, onTable, onCsv, onDrawing, undrawn, before, more } = props;
  const { runs } = useLab();
  return (
    <div className="chart-tools" role="group" aria-label={`${title}: views and files`}>
      {before}
      {onTable && (
        <button
          type="button"
          className="button button-quiet"
          aria-pressed={asTable}
          onClick={() => onTable(!asTable)}
        >
          Table
        </button>
      )}
      <button type="button" className="button button-quiet" disabled={!onCsv} onClick={onCsv}>
        CSV
      </button>
      {more}
      {onDrawing &&
        (['svg', 'png'] as const).map(kind => (
          <button
            key={kind}
            type="button"
            className="button button-quiet"
            disabled={undrawn}
            onClick={() => void sayingFailure(runs, () => onDrawing(kind))}
          >
            {kind.toUpperCase()}
          </button>
        ))}
    </div>
  );
}
