import type { Table } from '../files/export.ts';
import { LESSON_MEASURES, type FigureId, type Figures } from './findings.ts';
import { figureText } from './predictions.ts';
import type { Findings, TrainingStep } from './steps.ts';

/** The figures that each step is about. */
const SHOWN: Readonly<Record<TrainingStep, readonly FigureId[]>> = {
  train: ['length', 'borderline', 'unsafe', 'entropy', 'kl'],
  ablate: ['length', 'borderline', 'unsafe', 'nats'],
  copsd: ['length', 'borderline', 'unsafe', 'entropy', 'nats'],
};

export function measureName(id: FigureId): string {
  const { label, unit, share } = LESSON_MEASURES[id];
  return share || label.toLowerCase().startsWith(unit) ? label : `${label} (${unit})`;
}

type Column = readonly [name: string, figures: Figures];

function columnsOf(step: TrainingStep, findings: Findings): readonly Column[] {
  const finding = findings[step];
  if (!finding) return [];
  const base: Column = ['Base', finding.base];
  const { train } = findings;
  switch (step) {
    case 'train':
      return [base, ['Student', finding.student]];
    case 'ablate': {
      const whole = finding.withClause ?? train?.student;
      return [base, ...(whole ? [['With clause', whole] as const] : []), ['Without', finding.student]];
    }
    case 'copsd':
      return [base, ...(train ? [['OPSD', train.student] as const] : []), ['COPSD', finding.student]];
  }
}

/** What a step's run measured, beside what it is compared with; null until it has finished. */
export function findingTable(step: TrainingStep, findings: Findings): Table | null {
  const columns = columnsOf(step, findings);
  if (columns.length === 0) return null;
  return {
    columns: ['Held-out queries', ...columns.map(([name]) => name)],
    rows: SHOWN[step].map(id => [
      measureName(id),
      ...columns.map(([, figures]) => figureText(id, figures[id])),
    ]),
  };
}
