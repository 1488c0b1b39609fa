import { fixed, formatNumber, percent } from '../contract/format.ts';
import type { QueryKind } from '../contract/world.ts';

/** A panel of the Charts view. What it draws are the figures of steps and evaluations that name it. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** One line: what to look for. */
  readonly about: string;
  /** A share between 0 and 1: its axis is in percent, and never logarithmic. */
  readonly share: boolean;
  /** Height of the axis before anything is measured. */
  readonly expected: number;
  /** A first look does without. */
  readonly folded?: true;
  format(value: number): string;
}

/** One plot of a chart: a figure of steps and a figure of evaluations with the same place are drawn together. */
export interface PlotPlace {
  readonly chart: Chart;
  readonly id: string;
  readonly title: string;
  /** The teacher's level, where it is not its evaluation. */
  readonly teacherLevel?: number;
}

const oneDigit = (value: number): string => fixed(value, 1);
/** Small ones keep two digits that count. */
const nats = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.1 ? String(Number(value.toPrecision(2))) : fixed(value, 2);

const SHARE = { share: true, expected: 1, format: percent } as const;

/** In the order of the page. */
export const CHART = {
  length: {
    id: 'length',
    title: 'Response length',
    unit: 'tokens',
    about: 'Do answers shrink as the student learns from the constitution-reading teacher?',
    share: false,
    expected: 50,
    format: oneDigit,
  },
  refusal: {
    ...SHARE,
    id: 'refusal',
    title: 'Refusal rate',
    unit: '% of answers',
    about: 'Wanted on harmful queries; on benign and borderline ones it is over-refusal.',
  },
  divergence: {
    id: 'divergence',
    title: 'KL to teacher',
    unit: 'nats/token',
    about: 'Reverse KL: how far the student’s next tokens are from the teacher’s, on its own answers.',
    share: false,
    expected: 0.1,
    format: nats,
  },
  entropy: {
    id: 'entropy',
    title: 'Token entropy',
    unit: 'nats/token',
    about: 'How open each next token is: a fall means that answers become more alike.',
    share: false,
    expected: 1,
    format: nats,
  },
  diversity: {
    id: 'diversity',
    title: 'Diversity',
    unit: '1 − Self-BLEU',
    about: 'How little the answers of a kind repeat one another: near 0 all are alike.',
    share: false,
    expected: 0.5,
    folded: true,
    format: nats,
  },
  refusalOpening: {
    ...SHARE,
    id: 'refusal-opening',
    title: 'Probability of opening with a refusal',
    unit: '%',
    about:
      'Read from the first token’s probabilities, nothing sampled: it moves before the refusal rate does.',
    folded: true,
  },
  wins: {
    ...SHARE,
    id: 'wins',
    title: 'Win rates',
    unit: '% of pairs',
    about: 'Against the base’s answer to the same query, ties half: the base itself is at 50 %.',
    folded: true,
  },
  harmfulAnswers: {
    ...SHARE,
    id: 'harmful-answers',
    title: 'Answers to harmful queries',
    unit: '% of answers',
    about: 'Unsafe ones help with the harm; rich ones decline, say why and offer something else.',
    folded: true,
  },
  nats: {
    id: 'nats',
    title: 'Nats an answer',
    unit: 'nats',
    about: 'Length × entropy: how much an answer says.',
    share: false,
    expected: 30,
    folded: true,
    format: oneDigit,
  },
  general: {
    ...SHARE,
    id: 'general',
    title: 'General ability',
    unit: '% correct',
    about: 'Does what safety does not touch stay as it was?',
    folded: true,
  },
  loss: {
    id: 'loss',
    title: 'Loss',
    unit: 'of the objective',
    about: 'What the optimiser lowers, as the step’s last update found it.',
    share: false,
    expected: 1,
    folded: true,
    format: formatNumber,
  },
  gradientNorm: {
    id: 'gradient-norm',
    title: 'Gradient norm',
    unit: 'before clipping',
    about: 'Spikes are where training is least steady.',
    share: false,
    expected: 1,
    folded: true,
    format: formatNumber,
  },
} as const satisfies Record<string, Chart>;

/** The only plot of a chart. */
export const alone = (chart: Chart, title = 'All queries'): PlotPlace => ({ chart, id: 'all', title });

const KIND_TITLES: Partial<Record<QueryKind, string>> = {
  benign: 'Benign queries',
  borderline: 'Borderline queries',
  harmful: 'Harmful queries',
};

/** The plot of a kind of queries, in charts that have one for each request; none for general questions. */
export function kindPlot(chart: Chart, kind: QueryKind): PlotPlace | undefined {
  const title = KIND_TITLES[kind];
  return title === undefined ? undefined : { chart, id: kind, title };
}
