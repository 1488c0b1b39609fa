import type { InspectionRecord } from '../../record/inspection.ts';
import type { InspectedToken } from '../../state/tokens/inspect-answer.ts';
import { inspectionTable } from '../../state/tokens/inspect-table.ts';
import { FigureTools } from '../figures/figure-tools.tsx';
import { saveTable } from '../shared/save-file.ts';

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

/** Actions on the answer: jump to the token of highest KL, show it as a table, export it. */
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
  return (
    <div className="tokens-tools">
      <button type="button" className="button" onClick={onHighest}>
        Token of highest KL
      </button>
      <span className="tokens-found">{atHighest && 'This is the token of highest KL.'}</span>
      <FigureTools
        title="Tokens"
        asTable={table}
        onTable={onTable}
        onCsv={() => saveTable(label, `tokens ${kind} ${answer} step ${step}`, inspectionTable(tokens))}
      />
    </div>
  );
}
