import { inspectedObjective } from '../../record/inspection.ts';
import { isDivergence, objectiveLabel } from '../../settings/objectives.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import { fixed } from '../../contract/format.ts';

/** The legend of colours and lines, and the value of full colour. */
export function TokenLegend({ scale, config }: { readonly scale: number; readonly config: RunConfig }) {
  const measured = objectiveLabel(inspectedObjective(config));
  const own = isDivergence(config.objective);
  return (
    <div className="tokens-legend">
      <p className="tokens-legend-line">
        <span className="tokens-legend-swatch tokens-legend-student">student more</span>
        <span className="tokens-legend-swatch tokens-legend-teacher">teacher more</span>
        <span className="tokens-legend-scale">
          <span>0</span>
          <span className="tokens-legend-ramp tokens-legend-ramp-student" aria-hidden="true" />
          <span className="tokens-legend-ramp tokens-legend-ramp-teacher" aria-hidden="true" />
          <span>{fixed(scale, 2)} nats</span>
        </span>
      </p>
      <p className="tokens-note">
        Colour and thickness say how far the two differ where the token stands ({measured}
        {config.divergenceTemperature !== 1 && `, τ ${config.divergenceTemperature}`}
        {!own && ', since this run’s objective is not a divergence'}). Solid blue: the student gives the token
        more probability than the teacher does; dashed orange: less.
      </p>
    </div>
  );
}
