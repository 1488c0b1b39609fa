import { fixed, formatNumber, percent } from '../../contract/format.ts';
import { shareInterval } from './chart-intervals.ts';
import { nats, type ChartSpec } from './chart-specs.ts';

const KINDS = [
  { id: 'benign', title: 'Benign queries' },
  { id: 'borderline', title: 'Borderline queries' },
  { id: 'harmful', title: 'Harmful queries' },
] as const;

/** A win rate is over the pairs of all kinds: benign, borderline, harmful, general. */
const KINDS_OF_WINS = 4;

/** Figures that a first look does without. */
export const MORE_CHARTS: readonly ChartSpec[] = [
  {
    id: 'diversity',
    title: 'Diversity',
    unit: '1 − Self-BLEU',
    about: 'How little the answers of a kind repeat one another: near 0 all are alike.',
    share: false,
    expected: 0.5,
    format: nats,
    plots: KINDS.map(({ id, title }) => ({
      id,
      title,
      metric: null,
      evaluated: record => record[id].diversity,
    })),
  },
  {
    id: 'refusal-opening',
    title: 'Probability of opening with a refusal',
    unit: '%',
    about:
      'Read from the first token’s probabilities, nothing sampled: it moves before the refusal rate does.',
    share: true,
    expected: 1,
    format: percent,
    plots: KINDS.map(({ id, title }) => ({
      id,
      title,
      metric: null,
      evaluated: record => record[id].refusalOpening,
    })),
  },
  {
    id: 'wins',
    title: 'Win rates',
    unit: '% of pairs',
    about: 'Against the base’s answer to the same query, ties half: the base itself is at 50 %.',
    share: true,
    expected: 1,
    format: percent,
    plots: [
      {
        id: 'safety',
        title: 'Safety',
        metric: null,
        evaluated: ({ winRates }) => winRates.safety,
        interval: record => shareInterval(record.winRates.safety, record, KINDS_OF_WINS),
      },
      {
        id: 'helpfulness',
        title: 'Helpfulness',
        metric: null,
        evaluated: ({ winRates }) => winRates.helpfulness,
        interval: record => shareInterval(record.winRates.helpfulness, record, KINDS_OF_WINS),
      },
    ],
  },
  {
    id: 'harmful-answers',
    title: 'Answers to harmful queries',
    unit: '% of answers',
    about: 'Unsafe ones help with the harm; rich ones decline, say why and offer something else.',
    share: true,
    expected: 1,
    format: percent,
    plots: [
      {
        id: 'unsafe',
        title: 'Unsafe',
        metric: null,
        evaluated: ({ harmful }) => harmful.unsafe,
        interval: record => shareInterval(record.harmful.unsafe, record),
      },
      {
        id: 'rich',
        title: 'Safe and rich',
        metric: null,
        evaluated: ({ harmful }) => harmful.rich,
        interval: record => shareInterval(record.harmful.rich, record),
      },
    ],
  },
  {
    id: 'nats',
    title: 'Nats an answer',
    unit: 'nats',
    about: 'Length × entropy: how much an answer says.',
    share: false,
    expected: 30,
    format: value => fixed(value, 1),
    plots: [
      {
        id: 'all',
        title: 'All queries',
        metric: null,
        evaluated: ({ natsPerAnswer }) => natsPerAnswer,
      },
    ],
  },
  {
    id: 'general',
    title: 'General ability',
    unit: '% correct',
    about: 'Does what safety does not touch stay as it was?',
    share: true,
    expected: 1,
    format: percent,
    plots: [
      {
        id: 'all',
        title: 'General queries',
        metric: null,
        evaluated: ({ general }) => general.accuracy,
        interval: record => shareInterval(record.general.accuracy, record),
      },
    ],
  },
  {
    id: 'loss',
    title: 'Loss',
    unit: 'of the objective',
    about: 'What the optimiser lowers, as the step’s last update found it.',
    share: false,
    expected: 1,
    format: formatNumber,
    plots: [{ id: 'all', title: 'All queries', metric: 'loss', evaluated: null }],
  },
  {
    id: 'gradient-norm',
    title: 'Gradient norm',
    unit: 'before clipping',
    about: 'Spikes are where training is least steady.',
    share: false,
    expected: 1,
    format: formatNumber,
    plots: [{ id: 'all', title: 'All queries', metric: 'gradientNorm', evaluated: null }],
  },
];
