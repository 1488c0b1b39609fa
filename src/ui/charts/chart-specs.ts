import type { EvaluationRecord } from '../../record/run-record.ts';
import { fixed, percent } from '../../contract/format.ts';
import { meanInterval, shareInterval, type Interval } from './chart-intervals.ts';
import type { Metric } from '../../record/metric-series.ts';

/** One plot of a chart: a figure of the rollouts over the steps, and the same figure in held-out evaluations, or one of the two. */
export interface PlotSpec {
  readonly id: string;
  readonly title: string;
  /** What the step's raw points show; null where only evaluations have the figure. */
  readonly metric: Metric | null;
  /** The figure in an evaluation, null where it could not be had; null where only steps have it. */
  readonly evaluated: ((record: EvaluationRecord) => number | null) | null;
  /** 95 % interval of the figure in an evaluation. */
  interval?(record: EvaluationRecord): Interval | null;
  /** The teacher's level, where it is not simply its evaluation. */
  readonly teacherLevel?: number;
}

export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** One line: what to look for. */
  readonly about: string;
  /** A share between 0 and 1: its axis is in percent, and never logarithmic. */
  readonly share: boolean;
  /** Height of the axis before anything is measured. */
  readonly expected: number;
  format(value: number): string;
  readonly plots: readonly PlotSpec[];
}

const tokens = (value: number): string => fixed(value, 1);
/** Small ones keep two digits that count. */
export const nats = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.1 ? String(Number(value.toPrecision(2))) : fixed(value, 2);

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
        interval: record => meanInterval(record.benign.outcomes.lengths),
      },
      {
        id: 'borderline',
        title: 'Borderline queries',
        metric: 'borderline.length',
        evaluated: record => record.borderline.length,
        interval: record => meanInterval(record.borderline.outcomes.lengths),
      },
      {
        id: 'harmful',
        title: 'Harmful queries',
        metric: 'harmful.length',
        evaluated: record => record.harmful.length,
        interval: record => meanInterval(record.harmful.outcomes.lengths),
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
        interval: record => shareInterval(record.benign.overRefusal, record),
      },
      {
        id: 'borderline',
        title: 'Borderline queries',
        metric: 'borderline.refusal',
        evaluated: record => record.borderline.overRefusal,
        interval: record => shareInterval(record.borderline.overRefusal, record),
      },
      {
        id: 'harmful',
        title: 'Harmful queries',
        metric: 'harmful.refusal',
        // Steps count refusals and safe, rich answers together; so must this.
        evaluated: record => record.harmful.refusal + record.harmful.rich,
        interval: record => shareInterval(record.harmful.refusal + record.harmful.rich, record),
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
