import { anglesTable, companions, controlTells } from '../../state/geometry/measured-tables.ts';
import { PlainTable } from '../figures/data-table.tsx';
import type { MeasuredPicture, MeasuredPlace } from '../../state/geometry/measured.ts';
import { NumberList } from './number-list.tsx';

const LAYERS = {
  final: 'after the final norm',
  residual: 'in the last block’s residual, before the final norm',
} as const;

/** What needs no hidden states, and how far to trust what does. */
export function CompanionsCard({
  picture,
  shown,
}: {
  readonly picture: MeasuredPicture;
  readonly shown: MeasuredPlace;
}) {
  const found = companions(picture, shown);
  const { layer, queriesPerKind, referencesPerKind } = picture;
  return (
    <section className="chart figure" aria-labelledby="geometry-companions">
      <h3 id="geometry-companions">Without hidden states</h3>
      <p className="chart-about">
        Log-probabilities of written answers, and the behavioural twin of Λ: change of entropy per change of
        refusal score since the base.
      </p>
      {found.length > 0 ? (
        <NumberList
          label={`Companions at step ${shown.step}`}
          rows={found.map(({ name, unit, text }) => [name, text, unit] as const)}
        />
      ) : (
        <p className="figure-note">This run has neither margins nor entropies of single answers.</p>
      )}
      <h3>Angles between the axes</h3>
      <PlainTable title="Angles between the axes" table={anglesTable(picture)} />
      <h3>How far to trust it</h3>
      <ul className="geometry-caveats">
        <li>
          States are taken {LAYERS[layer]}; {queriesPerKind} queries of each kind are behind the shifts,{' '}
          {referencesPerKind} behind the axes. Angles depend on the layer.
        </li>
        <li>
          “Short or refused” has refusals in it: much of its angle is put there by the definition. Compare the
          line of full − short alone.
        </li>
        <li>{controlTells(picture)}</li>
        <li>
          Whitened angles are pulled toward a right angle by the noise of their estimate; intervals do not
          show that.
        </li>
      </ul>
    </section>
  );
}
