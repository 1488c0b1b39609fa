import { memo, useCallback, useMemo } from 'react';
import { fixed } from '../../contract/format.ts';
import type { InspectedToken } from '../../state/tokens/inspect-answer.ts';
import { niceAxis, stepAxis } from '../figures/axis.ts';
import type { Chart, Layer } from '../figures/chart.ts';
import { ChartView } from '../figures/chart-view.tsx';
import { upright } from '../figures/drawing.ts';
import { BASE_DASH, lineThrough } from '../figures/series.ts';

interface CumulativeLineProps {
  readonly tokens: readonly InspectedToken[];
  /** Divergences of the same tokens before training; null if there is nothing to compare with. */
  readonly before: readonly number[] | null;
  readonly selected: number;
  readonly step: number;
}

interface Sums {
  readonly now: readonly number[];
  readonly earlier: readonly number[] | null;
}

/** A running sum from 0 on, before the first token. */
const walk = (sums: readonly number[], draw: Layer['draw']): Layer => ({
  points: [0, ...sums].map((y, x) => ({ x, y })),
  draw,
});

function sumsChart({ now, earlier }: Sums, selected: number, label: string, width: number): Chart {
  const layers: Layer[] = [
    {
      draw: ({ sx, box }) => [
        {
          kind: 'path',
          d: upright(sx(selected + 1), box.top, box.top + box.height),
          stroke: 'faint',
          dash: '4 3',
        },
      ],
    },
  ];
  if (earlier)
    layers.push(walk(earlier, (_, places) => [{ ...lineThrough(places, 'base'), dash: BASE_DASH }]));
  layers.push(walk(now, (_, places) => [lineThrough(places, 'series-0')]));
  return {
    width,
    panels: [
      {
        x: { ...stepAxis(now.length), format: token => (token === 0 ? 'token 0' : String(token)) },
        y: niceAxis(0, Math.max(now.at(-1) ?? 0, earlier?.at(-1) ?? 0), 3),
        height: 140,
        inset: { left: 36, right: 12, top: 8, bottom: 22 },
        layers,
      },
    ],
    label,
  };
}

/** The running sum of the divergence along the answer: it jumps where the two models disagree. */
export const CumulativeLine = memo(function CumulativeLine(props: CumulativeLineProps) {
  const { tokens, before, selected, step } = props;
  const now = useMemo(() => tokens.map(({ runningSum }) => runningSum), [tokens]);
  const earlier = useMemo(() => before && runningSums(before), [before]);
  const words = `Running sum: ${fixed(now.at(-1) ?? 0, 2)} nats over ${tokens.length} tokens at step ${step}`;
  const compared = earlier ? `, ${fixed(earlier.at(-1) ?? 0, 2)} before training` : '';
  const draw = useCallback(
    (width: number) => sumsChart({ now, earlier }, selected, words + compared, width),
    [now, earlier, selected, words, compared],
  );
  return (
    <figure className="tokens-card tokens-cumulative">
      <figcaption>
        <strong>Divergence along the answer</strong> {words}
        {compared}. {fixed(now[selected] ?? 0, 2)} up to the chosen token.
        {earlier && ' Dotted: before training.'}
      </figcaption>
      <ChartView draw={draw} />
    </figure>
  );
});

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map(value => (sum += value));
}
