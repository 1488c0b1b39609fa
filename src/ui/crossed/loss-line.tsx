import { useCallback } from 'react';
import type { CalibrationStep } from '../../record/run-record.ts';
import { binMinMax } from '../../state/charts/binning.ts';
import { fixed } from '../../contract/format.ts';
import { niceAxis, stepAxis } from '../figures/axis.ts';
import type { Chart } from '../figures/chart.ts';
import { ChartView } from '../figures/chart-view.tsx';
import { circle } from '../figures/drawing.ts';
import { lineThrough } from '../figures/series.ts';

const MOST_POINTS = 300;

/** The teacher's loss, in its colour. One step alone is a dot. */
function lossChart(steps: readonly CalibrationStep[], label: string, width: number): Chart {
  const line = { x: steps.map(({ step }) => step), y: steps.map(({ loss }) => loss) };
  const { x, y } = binMinMax(line, MOST_POINTS);
  return {
    width,
    panels: [
      {
        x: { ...stepAxis(steps.at(-1)?.of ?? 1), format: step => (step === 0 ? 'step 0' : String(step)) },
        y: niceAxis(0, Math.max(0, ...y), 3),
        height: 120,
        inset: { left: 36, right: 12, top: 8, bottom: 22 },
        layers: [
          {
            live: true,
            points: x.map((step, i) => ({ x: step, y: y[i]! })),
            draw: (_, places) =>
              places.length === 1
                ? [{ kind: 'path', d: circle(places[0]!.x, places[0]!.y, 2), fill: 'series-1' }]
                : [lineThrough(places, 'series-1')],
          },
        ],
      },
    ],
    label,
  };
}

/** The fine-tuning loss over the steps: mean cross-entropy a token of the answers. */
export function LossLine({ steps }: { readonly steps: readonly CalibrationStep[] }) {
  const first = steps[0];
  const last = steps.at(-1);
  const words =
    first === last
      ? `Loss was ${fixed(first?.loss ?? 0, 2)} nats a token`
      : `Loss went from ${fixed(first?.loss ?? 0, 2)} to ${fixed(last?.loss ?? 0, 2)} nats a token`;
  const draw = useCallback((width: number) => lossChart(steps, words, width), [steps, words]);
  if (!last) return null;
  return (
    <figure className="crossed-card crossed-loss">
      <figcaption>
        <strong>Fine-tuning loss</strong> {words}, step {last.step} of {last.of}.
      </figcaption>
      <ChartView draw={draw} />
    </figure>
  );
}
