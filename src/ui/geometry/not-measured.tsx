import { isActive, type RunEntry } from '../../state/run/run-store.ts';
import { fieldAt } from '../../settings/fields.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';

const GEOMETRY = fieldAt('evaluation.geometry').words.label;

/** Why there is no measured picture, and what to switch on. */
export function NotMeasured({ run }: { readonly run: RunEntry | undefined }) {
  const { config } = useLab();
  const on = useConfig(({ draft }) => draft.evaluation.geometry);
  const chat = useConfig(({ draft }) => Boolean(draft.chat));
  const comes = run && isActive(run) && run.config.evaluation.geometry;
  return (
    <section className="chart figure" aria-labelledby="geometry-missing">
      <h3 id="geometry-missing">Measured on this run</h3>
      {comes ? (
        <p className="chart-about">The first measurement comes with the evaluation before step 1.</p>
      ) : (
        <>
          <p className="chart-about">
            The geometry of this run was not measured: “{GEOMETRY}” was off, or it ended before its first
            evaluation.
          </p>
          {chat ? (
            <p className="geometry-note">
              It needs the embedded model: the answers that its axes are made of are of the embedded world.
            </p>
          ) : on ? (
            <p className="geometry-note" role="note">
              “{GEOMETRY}” is on: the next run measures it.
            </p>
          ) : (
            <button
              type="button"
              className="button"
              onClick={() =>
                config.edit(draft => ({ ...draft, evaluation: { ...draft.evaluation, geometry: true } }))
              }
            >
              Measure the geometry in the next run
            </button>
          )}
        </>
      )}
    </section>
  );
}
