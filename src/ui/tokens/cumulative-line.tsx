import { memo } from 'react';
import { fixed } from '../../contract/format.ts';
import type { InspectedToken } from '../../state/tokens/inspect-answer.ts';

const WIDTH = 600;
const HEIGHT = 110;

interface CumulativeLineProps {
  readonly tokens: readonly InspectedToken[];
  /** Divergences of the same tokens before training; null if there is nothing to compare with. */
  readonly before: readonly number[] | null;
  readonly selected: number;
  readonly step: number;
}

/** The running sum of the divergence along the answer: it jumps where the two models disagree. */
export const CumulativeLine = memo(function CumulativeLine({
  tokens,
  before,
  selected,
  step,
}: CumulativeLineProps) {
  const sums = tokens.map(({ runningSum }) => runningSum);
  const earlier = before && runningSums(before);
  const total = sums.at(-1) ?? 0;
  const top = Math.max(total, earlier?.at(-1) ?? 0) || 1;
  const path = (values: readonly number[]): string =>
    `M${[0, ...values].map((value, i) => `${across(i, values.length)} ${down(value, top)}`).join('L')}`;
  const words = `Running sum: ${fixed(total, 2)} nats over ${tokens.length} tokens at step ${step}`;
  const compared = earlier ? `, ${fixed(earlier.at(-1) ?? 0, 2)} before training` : '';
  const x = across(selected + 1, tokens.length);
  return (
    <figure className="tokens-card tokens-cumulative">
      <figcaption>
        <strong>Divergence along the answer</strong> {words}
        {compared}. {fixed(sums[selected] ?? 0, 2)} up to the chosen token.
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words + compared}
      >
        <line className="tokens-cumulative-at" x1={x} x2={x} y1={0} y2={HEIGHT} />
        {earlier && <path className="tokens-cumulative-before" d={path(earlier)} />}
        <path className="tokens-cumulative-now" d={path(sums)} />
      </svg>
      <p className="tokens-cumulative-axis" aria-hidden="true">
        <span>first token</span>
        {earlier && <span>dotted: before training</span>}
        <span>top: {fixed(top, 2)} nats</span>
      </p>
    </figure>
  );
});

const across = (place: number, of: number): string => ((place / Math.max(1, of)) * WIDTH).toFixed(1);
const down = (value: number, top: number): string => (HEIGHT * (1 - value / top)).toFixed(1);

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map(value => (sum += value));
}
