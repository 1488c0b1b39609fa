import type { CalibrationStep } from '../../record/run-record.ts';
import { binMinMax } from '../../state/charts/binning.ts';
import { fixed } from '../../contract/format.ts';

const WIDTH = 300;
const HEIGHT = 80;
const MOST_POINTS = 300;

/** The fine-tuning loss over the steps: mean cross-entropy a token of the answers. */
export function LossLine({ steps }: { readonly steps: readonly CalibrationStep[] }) {
  const first = steps[0];
  const last = steps.at(-1);
  if (!first || !last) return null;
  const { x, y } = binMinMax(
    { x: steps.map(({ step }) => step), y: steps.map(({ loss }) => loss) },
    MOST_POINTS,
  );
  const top = Math.max(...y);
  const across = (step: number): number => ((step - 1) / Math.max(1, last.of - 1)) * WIDTH;
  const down = (loss: number): number => HEIGHT * (1 - loss / (top || 1));
  const points = x.map((step, i) => `${across(step).toFixed(1)} ${down(y[i] ?? 0).toFixed(1)}`);
  // One step alone is a dash, since a path of one point draws nothing.
  const path = `M${points.join('L')}${points.length === 1 ? 'h6' : ''}`;
  const words =
    first === last
      ? `Loss was ${fixed(first.loss, 2)} nats a token`
      : `Loss went from ${fixed(first.loss, 2)} to ${fixed(last.loss, 2)} nats a token`;
  return (
    <figure className="loss crossed-card">
      <figcaption>
        <strong>Fine-tuning loss</strong> {words}, step {last.step} of {last.of}.
      </figcaption>
      <div className="loss-plot">
        <span className="loss-top" aria-hidden="true">
          {fixed(top, 1)}
        </span>
        <span className="loss-zero" aria-hidden="true">
          0
        </span>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={words}>
          <path className="loss-path" d={path} />
        </svg>
        <span className="loss-steps" aria-hidden="true">
          step {last.of}
        </span>
      </div>
    </figure>
  );
}
