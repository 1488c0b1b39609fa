import type { InspectionRecord } from '../../contract/inspection.ts';
import { fileName, toCsv } from '../../state/export.ts';
import type { InspectedToken } from '../../state/inspect-answer.ts';
import { inspectionTable } from '../../state/inspect-table.ts';
import { saveFile } from '../shared/save-file.ts';

interface AnswerToolsProps {
  readonly record: InspectionRecord;
  readonly tokens: readonly InspectedToken[];
  readonly table: boolean;
  /** The run's. */
  readonly label: string;
  readonly atHighest: boolean;
  onHighest(): void;
  onTable(shown: boolean): void;
}

/** What can be done with the answer: jump to where the two differ most, see it as a table, take it home. */
export function AnswerTools({
  record,
  tokens,
  table,
  label,
  atHighest,
  onHighest,
  onTable,
}: AnswerToolsProps) {
  const { kind, answer, step } = record;
  const saveCsv = (): void =>
    saveFile(
      fileName(label, `tokens ${kind} ${answer} step ${step}`, 'csv'),
      'text/csv',
      toCsv(inspectionTable(tokens)),
    );
  return (
    <div className="tokens-tools">
      <button type="button" className="button" onClick={onHighest}>
        Token of highest KL
      </button>
      <span className="tokens-found">{atHighest && 'This is the token of highest KL.'}</span>
      <div role="group" aria-label="Tokens: views and files">
        <button
          type="button"
          className="button button-quiet"
          aria-pressed={table}
          onClick={() => onTable(!table)}
        >
          Table
        </button>
        <button type="button" className="button button-quiet" onClick={saveCsv}>
          CSV
        </button>
      </div>
    </div>
  );
}
