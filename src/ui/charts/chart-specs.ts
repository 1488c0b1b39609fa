import type { EvaluationRecord } from '../../contract/run-record.ts';
import { fixed, percent } from '../../state/format.ts';
import type { Metric } from '../../state/metric-series.ts';

/** One plot of a chart: a figure of the rollouts over the steps, and the same figure in held-out evaluations. */
export interface PlotSpec {
  readonly id: string;
  readonly title: string;
  /** What the step's raw points show. */
  readonly metric: Metric;
  /** The figure in an evaluation; null where it has none. */
  evaluated(record: EvaluationRecord): number | null;
  /** The teacher's level, where it is not simply its evaluation. */
  readonly teacherLevel?: number;
}

export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** One line: what to look for. */
  readonly about: string;
  /** A share between 0 and 1, of so many queries: drawn with its 95 % interval. */
  readonly share: boolean;
  /** Height of the axis before anything is measured. */
  readonly expected: number;
  format(value: number): string;
  readonly plots: readonly PlotSpec[];
}

const tokens = (value: number): string => fixed(value, 1);
const nats = (value: number): string => fixed(value, 2);

const meanEntropy = ({ benign, borderline, harmful }: EvaluationRecord): number =>
  (benign.entropy + borderline.entropy + harmful.entropy) / 3;

export const CHARTS: readonly ChartSpec[] = [
  {
    id: 'length',
    title: 'Response length',
    unit: 'tokens',
    about: 'Do answers shrink as the student learns from the constitution-reading teacher?',
    share: false,
    expected: 50,
    format: tokens,
    plots: [
      {
        id: 'benign',
        title: 'Benign queries',
        metric: 'benign.length',
        evaluated: record => record.benign.length,
      },
      {
        id: 'borderline',
        title: 'Borderline queries',
        metric: 'borderline.length',
        evaluated: record => record.borderline.length,
      },
      {
        id: 'harmful',
        title: 'Harmful queries',
        metric: 'harmful.length',
        evaluated: record => record.harmful.length,
      },
    ],
  },
  {
    id: 'refusal',
    title: 'Refusal rate',
    unit: '% of answers',
    about: 'Wanted on harmful queries; on benign and borderline ones it is over-refusal.',
    share: true,
    expected: 1,
    format: percent,
    plots: [
      {
        id: 'benign',
        title: 'Benign queries',
        metric: 'benign.refusal',
        evaluated: record => record.benign.overRefusal,
      },
      {
        id: 'borderline',
        title: 'Borderline queries',
        metric: 'borderline.refusal',
        evaluated: record => record.borderline.overRefusal,
      },
      {
        id: 'harmful',
        title: 'Harmful queries',
        metric: 'harmful.refusal',
        // Steps count refusals and safe, rich answers together; so must this.
        evaluated: record => record.harmful.refusal + record.harmful.rich,
      },
    ],
  },
  {
    id: 'divergence',
    title: 'KL to teacher',
    unit: 'nats/token',
    about: 'Reverse KL: how far the student’s next tokens are from the teacher’s, on its own answers.',
    share: false,
    expected: 0.1,
    format: nats,
    plots: [
      {
        id: 'all',
        title: 'All queries',
        metric: 'reverseKl',
        evaluated: record => record.klToTeacher,
        teacherLevel: 0,
      },
    ],
  },
  {
    id: 'entropy',
    title: 'Token entropy',
    unit: 'nats/token',
    about: 'How open each next token is: a fall means that answers become more alike.',
    share: false,
    expected: 1,
    format: nats,
    plots: [
      {
        id: 'all',
        title: 'All queries',
        metric: 'studentEntropy',
        evaluated: meanEntropy,
      },
    ],
  },
];
